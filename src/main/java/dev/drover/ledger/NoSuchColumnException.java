package dev.drover.ledger;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A step of the route asks for a column that the rows do not have. That is a mistake in the route, so every record would
 * fail: the pipeline halts rather than set its records aside one by one.
 */
public final class NoSuchColumnException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** Names the column and those that there are. */
    public NoSuchColumnException(String column, Collection<String> columns) {
        super("the row has no column " + column + ", only " + columns);
    }

    /** Halts the pipeline if this is the reason of a failure; returns whether it is. */
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
