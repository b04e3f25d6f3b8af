package dev.drover.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Where a server of PostgreSQL is in its log, and what that proves about another server, or the same one after a crash:
 * it has all that could be read at a position if it had replayed the log up to there before it took its own writes.
 *
 * @param timeline the first digits of its log files, which change with each promotion; empty on a standby
 * @param written how far its log goes, with the part that a crash may still remove: a commit with
 *     {@code synchronous_commit=off} can be read before it is on disk; on a standby, how far it is replayed
 */
record WalPosition(String timeline, long written) {

    /** The columns that {@link Now#of} reads. */
    static final String NOW =
            """
            pg_is_in_recovery(),
              CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END,
              CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END
                - pg_lsn '0/0',
              pg_last_wal_replay_lsn() - pg_lsn '0/0'
            """;

    /** What a server says now. */
    record Now(WalPosition position, Optional<Long> replayed) {

        /** Reads it from the first columns of a row. */
        static Now of(ResultSet row) throws SQLException {
            long replayed = row.getLong(4);
            Optional<Long> replay = row.wasNull() ? Optional.empty() : Optional.of(replayed);
            return new Now(new WalPosition(row.getString(2), row.getLong(3)), replay);
        }

        /** Whether this server provably has all that could be read at an earlier position. */
        boolean covers(WalPosition earlier) {
            if (replayed.isPresent()) {
                return replayed.get() >= earlier.written();
            }
            // It was shut down in order, and has written nothing but its own log since.
            return position.timeline().equals(earlier.timeline()) && position.written() >= earlier.written();
        }
    }

    /** Asks a server; empty if the server has no log of PostgreSQL, or this user may not ask. */
    static Optional<Now> of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + NOW)) {
            row.next();
            return Optional.of(Now.of(row));
        } catch (SQLException e) {
            if (isUnanswered(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether the server does not know the question, or does not let this user ask it. */
    static boolean isUnanswered(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("0A") || state.startsWith("42");
    }
}
