package dev.drover.pages;

import java.sql.SQLException;
import java.util.Set;

/** Makes the failures of a database fit to be logged: a driver may put the value it choked on into its message. */
final class ReadFailure {

    /**
     * SQLSTATE classes whose messages speak of connections, rights, transactions, names, resources and time-outs,
     * never of values.
     */
    private static final Set<String> HARMLESS = Set.of("08", "28", "40", "42", "53", "55", "57", "58");

    private ReadFailure() {}

    /** A failure that keeps SQLSTATE and vendor code; the driver's message only when it can not hold a value. */
    static SQLException withoutValues(String what, SQLException e) {
        String state = e.getSQLState();
        String message = "could not read " + what + " (SQLSTATE " + state + ", code " + e.getErrorCode() + ")";
        if (state != null && state.length() == 5 && HARMLESS.contains(state.substring(0, 2))) {
            return new SQLException(message + ": " + e.getMessage(), state, e.getErrorCode(), e);
        }
        return new SQLException(message, state, e.getErrorCode());
    }
}
