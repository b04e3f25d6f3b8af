package dev.drover.consistency;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sessions of an H2 database that are at work: those that run a statement, or have changed what they have not
 * committed. H2 looks at the statement of a session before its changes, so an INSERT that ends in between is seen as a
 * change. A session that is at work at every look is awaited until it pauses, since its transactions have no names.
 * Prepared transactions that a crash has left in doubt have no session.
 */
public final class QuietSessions implements Writers {

    private static final String AT_WORK =
            """
            SELECT CONCAT(SESSION_ID, ' since ', SESSION_START), USER_NAME FROM INFORMATION_SCHEMA.SESSIONS
            WHERE (EXECUTING_STATEMENT IS NOT NULL OR CONTAINS_UNCOMMITTED) AND SESSION_ID <> SESSION_ID()
            """;

    private static final String IN_DOUBT =
            "SELECT TRANSACTION_NAME FROM INFORMATION_SCHEMA.IN_DOUBT WHERE TRANSACTION_STATE = 'IN_DOUBT'";

    @Override
    public Seen at(Connection connection) throws SQLException {
        // Sessions first: one that prepares, and is lost in between, is then seen at least once.
        return new Seen("", names(connection, AT_WORK), names(connection, IN_DOUBT));
    }

    private static Set<String> names(Connection connection, String sql) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    @Override
    public String describe(Connection connection, Set<String> names) throws SQLException {
        List<String> writers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(AT_WORK)) {
            while (rows.next()) {
                if (names.contains(rows.getString(1))) {
                    writers.add(Awaited.session("session " + rows.getString(1), null, rows.getString(2)));
                }
            }
        }
        names(connection, IN_DOUBT).stream()
                .filter(names::contains)
                .map(name -> Awaited.prepared(name, null))
                .forEach(writers::add);
        return Awaited.transactions(writers);
    }
}
