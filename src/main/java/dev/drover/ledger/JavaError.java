package dev.drover.ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done about an {@link Error} of Java itself: no memory, too deep a stack, a class that cannot be loaded. To try
 * again would fail again, so the pipeline is halted.
 */
public final class JavaError {

    private static final Logger LOG = LoggerFactory.getLogger(JavaError.class);

    private JavaError() {}

    /**
     * Halts a pipeline for it. The reason is said without a stack trace by status; the log has the trace once.
     *
     * @param failure the error, or an exception that stands for it
     */
    public static void halt(Ledger ledger, Throwable failure) {
        if (ledger.halted().isEmpty()) {
            ledger.halt(reason(failure));
            LOG.error("{}: halted by an error of Java itself", ledger.pipeline(), failure);
        }
    }

    /** The reason in one line, with what to do about it. */
    public static String reason(Throwable failure) {
        Throwable error = failure;
        while (!(error instanceof Error) && error.getCause() != null) {
            error = error.getCause();
        }
        String first = String.valueOf(error).lines().findFirst().orElse("");
        return "an error of Java itself: " + first
                + (error instanceof OutOfMemoryError
                        ? "; give it more memory (-Xmx), or less at once (pageSize, maxInFlight, the size of a batch)"
                        : "");
    }

    /**
     * Work for a scheduler. A scheduler drops its work at the first error and reports nothing. So the error goes to the
     * handler of the thread, which ends the program. In a program without such a handler the work runs again at its
     * time.
     */
    public static Runnable told(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (Error e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        };
    }
}
