package dev.drover.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The reason of a database failure without values of rows, which the message of a driver may quote.
 */
public final class SqlReason {

    /**
     * The SQLSTATE classes whose messages never quote values. They are about connections, rights, transactions, names,
     * resources and time-outs.
     */
    private static final Set<String> HARMLESS = Set.of("08", "28", "40", "42", "53", "55", "57", "58");

    private static final int DEEPEST = 20;

    private SqlReason() {}

    /**
     * The SQLSTATE and the vendor code. The message of the driver follows if it cannot quote a value, and the message
     * of the operating system if a file or a connection failed.
     */
    public static String of(SQLException e) {
        String codes = "(SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode() + ")";
        String said = isHarmless(e) ? codes + ": " + e.getMessage() : codes;
        return bySystem(e)
                .filter(why -> !said.contains(why))
                .map(why -> said + ": " + why)
                .orElse(said);
    }

    /**
     * The message of the operating system, such as a full disk when the driver only says that the database is closed.
     */
    private static Optional<String> bySystem(SQLException e) {
        return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST)
                .filter(IOException.class::isInstance)
                .reduce((outer, inner) -> inner)
                .map(Throwable::getMessage);
    }

    /** Whether the message of the driver cannot quote a value. */
    public static boolean isHarmless(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && HARMLESS.contains(state.substring(0, 2));
    }
}
