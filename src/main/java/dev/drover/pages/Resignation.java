package dev.drover.pages;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a pipeline back that this process leads no more. Its successor waits for the lease meanwhile, so what was read has
 * as long to be settled as at the end of a process; what is not is given up, and sent again by the successor.
 */
final class Resignation implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Resignation.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(500);

    /** How long requests on the wire may take to end once nothing more is begun: an answer has 30 s, unless that was changed. */
    private static final Duration GIVING_UP = Duration.ofSeconds(40);

    private final PagesConsumer consumer;
    private final Pipeline pipeline;
    private final Ownership ownership;

    Resignation(PagesConsumer consumer, Pipeline pipeline, Ownership ownership) {
        this.consumer = consumer;
        this.pipeline = pipeline;
        this.ownership = ownership;
    }

    @Override
    public void run() {
        try {
            settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the consumer stops, and gives it back
            return;
        } catch (RuntimeException e) {
            LOG.warn("{}: what is in flight cannot be settled: {}", pipeline.name(), String.valueOf(e.getMessage()));
        }
        pipeline.release();
        consumer.resigned(pipeline);
        if (pipeline.state() == Pipeline.State.HALTED) {
            ownership.giveUp(); // a process that cannot run it must not lead again
        }
    }

    private void settle() throws InterruptedException {
        pipeline.ledger().flush();
        if (!isSettled()) {
            pipeline.ledger().stopping(true);
            pipeline.ledger().deliveries().awaitEmpty(GIVING_UP);
        }
        pipeline.ledger().writeNow();
    }

    private boolean isSettled() throws InterruptedException {
        Ledger ledger = pipeline.ledger();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && !ledger.isEnding()) {
            ledger.retryWrites();
            if (ledger.awaitSettled(BETWEEN_WRITES)) {
                return true;
            }
        }
        return false;
    }
}
