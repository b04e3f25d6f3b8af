package dev.drover.pages;

import java.sql.SQLException;
import java.util.Set;

/** A failure to read that is fit to be logged: a driver may put the value it choked on into its message. */
final class ReadFailure extends SQLException {

    private static final long serialVersionUID = 1L;

    /**
     * SQLSTATE classes whose messages speak of connections, rights, transactions, names, resources and time-outs,
     * never of values.
     */
    private static final Set<String> HARMLESS = Set.of("08", "28", "40", "42", "53", "55", "57", "58");

    private ReadFailure(String message, SQLException e) {
        super(message, e.getSQLState(), e.getErrorCode());
    }

    /** Keeps SQLSTATE and vendor code; the driver's own message only when it can not hold a value. */
    static ReadFailure of(String what, SQLException e) {
        String message = "could not read " + what;
        if (e instanceof ReadFailure) {
            return new ReadFailure(message + ": " + e.getMessage(), e);
        }
        ReadFailure failure = new ReadFailure(message + " " + reason(e), e);
        if (isHarmless(e)) {
            failure.initCause(e);
        }
        return failure;
    }

    /** What a database says, fit to be logged. */
    static String reason(SQLException e) {
        String codes = "(SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode() + ")";
        return isHarmless(e) ? codes + ": " + e.getMessage() : codes;
    }

    private static boolean isHarmless(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && HARMLESS.contains(state.substring(0, 2));
    }
}
