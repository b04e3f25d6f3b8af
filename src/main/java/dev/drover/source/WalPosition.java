package dev.drover.source;

import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A position in the write-ahead log of a PostgreSQL server. Another server, or the same one after a crash, has all rows
 * that could be read at a position if it had replayed the log up to there before it took writes.
 *
 * @param timeline the first digits of the log files, which change with each promotion; empty on a standby
 * @param written the end of the log, or of the replayed log on a standby; a crash may still remove the last part,
 *     because a commit with {@code synchronous_commit=off} can be read before it is on disk
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

    /** The present position of a server. */
    record Now(WalPosition position, Optional<Long> replayed) {

        /** Reads the first columns of a row. */
        static Now of(ResultSet row) throws SQLException {
            long replayed = row.getLong(4);
            Optional<Long> replay = row.wasNull() ? Optional.empty() : Optional.of(replayed);
            return new Now(new WalPosition(row.getString(2), row.getLong(3)), replay);
        }

        /** Whether this server provably has all rows that could be read at an earlier position. */
        boolean covers(WalPosition earlier) {
            if (replayed.isPresent()) {
                return replayed.get() >= earlier.written();
            }
            // It was shut down cleanly, and has only written its own log since.
            return position.timeline().equals(earlier.timeline()) && position.written() >= earlier.written();
        }
    }

    /** Asks a server; empty if it has no such log or if this user may not ask. */
    static Optional<Now> of(Connection connection) throws SQLException {
        try {
            return Query.first(connection, "SELECT " + NOW, Now::of);
        } catch (SQLException e) {
            if (isUnanswered(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether the server has no such functions, or this user may not call them. */
    static boolean isUnanswered(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("0A") || state.startsWith("42");
    }
}
