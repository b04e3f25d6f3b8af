package dev.drover.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a database says of a failure, without values of rows: a driver may quote the value that it failed on in its
 * message.
 */
public final class SqlReason {

    /**
     * SQLSTATE classes whose messages speak of connections, rights, transactions, names, resources and time-outs,
     * never of values.
     */
    private static final Set<String> HARMLESS = Set.of("08", "28", "40", "42", "53", "55", "57", "58");

    private static final int DEEPEST = 20;

    private SqlReason() {}

    /**
     * SQLSTATE and vendor code. The driver's own message follows if it cannot hold a value, and the message of the
     * operating system if a file or a connection failed.
     */
    public static String of(SQLException e) {
        String codes = "(SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode() + ")";
        String said = isHarmless(e) ? codes + ": " + e.getMessage() : codes;
        return bySystem(e)
                .filter(why -> !said.contains(why))
                .map(why -> said + ": " + why)
                .orElse(said);
    }

    /** For instance that the disk is full, when the driver only says that the database is closed. */
    private static Optional<String> bySystem(SQLException e) {
        return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST)
                .filter(IOException.class::isInstance)
                .reduce((outer, inner) -> inner)
                .map(Throwable::getMessage);
    }

    /** Whether its message cannot hold a value. */
    public static boolean isHarmless(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && HARMLESS.contains(state.substring(0, 2));
    }
}
