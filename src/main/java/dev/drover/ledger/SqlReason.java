package dev.drover.ledger;

import java.sql.SQLException;
import java.util.Set;

/** What a database says of a failure, fit to be told: a driver may put the value it choked on into its message. */
public final class SqlReason {

    /**
     * SQLSTATE classes whose messages speak of connections, rights, transactions, names, resources and time-outs,
     * never of values.
     */
    private static final Set<String> HARMLESS = Set.of("08", "28", "40", "42", "53", "55", "57", "58");

    private SqlReason() {}

    /** SQLSTATE and vendor code; the driver's own message too when it cannot hold a value. */
    public static String of(SQLException e) {
        String codes = "(SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode() + ")";
        return isHarmless(e) ? codes + ": " + e.getMessage() : codes;
    }

    /** Whether its message cannot hold a value. */
    public static boolean isHarmless(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && HARMLESS.contains(state.substring(0, 2));
    }
}
