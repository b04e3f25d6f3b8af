package dev.drover.pages;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

/**
 * The sessions of an H2 database that are at work: those that run a statement, or have changed what they have not
 * committed. H2 looks at the statement of a session before its changes, so an INSERT that ends in between is seen as a
 * change. A session that is at work at every look is awaited until it pauses, since its transactions have no names.
 */
final class QuietSessions implements WritersGone.Writers {

    private static final String AT_WORK =
            """
            SELECT SESSION_ID, SESSION_START FROM INFORMATION_SCHEMA.SESSIONS
            WHERE (EXECUTING_STATEMENT IS NOT NULL OR CONTAINS_UNCOMMITTED) AND SESSION_ID <> SESSION_ID()
            """;

    @Override
    public Set<String> at(Connection connection) throws SQLException {
        Set<String> sessions = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(AT_WORK)) {
            while (rows.next()) {
                sessions.add(rows.getString(1) + " since " + rows.getString(2));
            }
        }
        return sessions;
    }
}
