package dev.drover.ledger;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a task on a separate thread from its start until it is stopped. The first run begins at once, and a pause
 * follows each run. If a run throws an exception, the exception is logged and the next run takes place all the same. An
 * {@link Error} goes to the thread's handler of uncaught exceptions, which ends the program.
 */
public final class Periodic extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    private final CamelContext context;
    private final String name;
    private final Duration pause;
    private final Runnable task;
    private @Nullable ScheduledExecutorService thread;

    /**
     * A task that is not started.
     *
     * @param name the name of the thread
     */
    public Periodic(CamelContext context, String name, Duration pause, Runnable task) {
        this.context = context;
        this.name = name;
        this.pause = pause;
        this.task = task;
    }

    @Override
    protected void doStart() {
        thread = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, name);
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::runOnce, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    protected void doStop() {
        if (thread != null) {
            context.getExecutorServiceManager().shutdownNow(thread);
        }
    }

    /** Lets no exception out: a scheduler would drop the task without a word. */
    private void runOnce() {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("{} has failed and runs again in {}: {}", name, pause, e.toString());
        } catch (Error e) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }
}
