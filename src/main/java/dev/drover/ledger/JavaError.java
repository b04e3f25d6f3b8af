package dev.drover.ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles an {@link Error} of Java itself, such as no memory, too deep a stack or a class that cannot be loaded. A second
 * try would fail too, so the pipeline halts.
 */
public final class JavaError {

    private static final Logger LOG = LoggerFactory.getLogger(JavaError.class);

    private JavaError() {}

    /**
     * Halts a pipeline. The status shows the reason in one line; the log has the stack trace once.
     *
     * @param failure the error, or an exception that stands for it
     */
    public static void halt(Ledger ledger, Throwable failure) {
        if (ledger.halted().isEmpty()) {
            ledger.halt(reason(failure));
            LOG.error("{}: halted by an error of Java itself", ledger.pipeline(), failure);
        }
    }

    /** The reason in one line, with the remedy if there is one. */
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
}
