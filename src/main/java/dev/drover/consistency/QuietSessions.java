package dev.drover.consistency;

import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The sessions of an H2 database that are at work: they run a statement or have uncommitted changes. H2 looks at the
 * statement of a session before its changes, so an INSERT that ends in between is seen as a change. The transactions of
 * a session have no names, so a busy session is awaited until it pauses. Prepared transactions that a crash has left in
 * doubt have no session.
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
        // Sessions first: a transaction that is prepared in between is then seen at least once.
        return new Seen("", names(connection, AT_WORK), names(connection, IN_DOUBT));
    }

    private static Set<String> names(Connection connection, String sql) throws SQLException {
        return Set.copyOf(Query.all(connection, sql, row -> row.getString(1)));
    }

    @Override
    public String describe(Connection connection, Set<String> names) throws SQLException {
        Map<String, String> writers = new TreeMap<>();
        Query.all(connection, AT_WORK, row -> List.of(row.getString(1), row.getString(2)))
                .forEach(session -> writers.put(
                        session.get(0), Awaited.session("session " + session.get(0), null, session.get(1))));
        names(connection, IN_DOUBT).forEach(name -> writers.put(name, Awaited.prepared(name, null)));
        writers.keySet().retainAll(names);
        return Awaited.transactions(List.copyOf(writers.values()));
    }
}
