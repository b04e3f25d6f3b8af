package dev.drover.ledger;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A step of the route uses a column that the rows do not have. Every record would fail, so the pipeline halts instead
 * of setting its records aside one by one.
 */
public final class NoSuchColumnException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public NoSuchColumnException(String column, Collection<String> columns) {
        super("the row has no column " + column + ", only " + columns);
    }

    /** Halts the pipeline if this exception is in the causes of a failure. Returns whether it is. */
    public static boolean halts(@Nullable Throwable failure, @Nullable String route, Ledger ledger) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoSuchColumnException mistake) {
                ledger.halt((route == null ? "a step" : "a step of route " + route)
                        + " asks for a column that is not read: "
                        + mistake.getMessage() + "; correct the name in the step or add the column to the"
                        + " SELECT, and start again");
                return true;
            }
        }
        return false;
    }
}
