package dev.drover.ownership;

import dev.drover.store.Checkpoint;
import dev.drover.store.OwnedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until no process owns a pipeline, and takes it over. It asks often, because an owner that stops gives the lease
 * back before it ends. Runs on one thread; any thread may call {@link #stop}.
 */
public final class Standby implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final String name;
    private final Ownership ownership;
    private final BiConsumer<Standby, Checkpoint> taken;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private String trouble = "";

    /**
     * Waits once it runs.
     *
     * @param name the name of the pipeline
     * @param taken receives the checkpoint when it is taken over
     */
    public Standby(String name, Ownership ownership, BiConsumer<Standby, Checkpoint> taken) {
        this.name = name;
        this.ownership = ownership;
        this.taken = taken;
    }

    /** Ends the waiting. */
    public void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        try {
            while (!stopped.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS)) {
                if (tookOver()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tookOver() {
        try {
            taken.accept(this, ownership.take());
            return true;
        } catch (OwnedException e) {
            return false;
        } catch (RuntimeException e) {
            if (!trouble.equals(e.getMessage())) {
                trouble = String.valueOf(e.getMessage());
                LOG.warn("{}: stands by, and cannot take the pipeline over: {}", name, trouble);
            }
            return false;
        }
    }
}
