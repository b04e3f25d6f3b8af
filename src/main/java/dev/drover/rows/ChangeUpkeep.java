package dev.drover.rows;

import dev.drover.config.ByteLimits;
import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a pipeline writes to the change log that it reads: at its beginning the key of each row that is there, so that
 * these are read like changed ones, and later the end of what it no longer needs. For one thread.
 */
public final class ChangeUpkeep {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeUpkeep.class);
    private static final int CHUNK = 1000;
    private static final int MOST_CHUNKS = 100;
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private final DataSource source;
    private final String table;
    private final List<String> key;
    private final Duration retention;
    private final TableReader keys;
    private boolean begun;
    private boolean ended;
    private @Nullable Cursor last;
    private long rows;
    private @Nullable Long pruned;

    /**
     * For the log of a table.
     *
     * @param key the columns of its key
     * @param snapshots whether the rows that are there are appended where a pipeline begins
     * @param retention how long settled changes are kept; zero for ever
     */
    public ChangeUpkeep(DataSource source, String table, List<String> key, boolean snapshots, Duration retention) {
        this.ended = !snapshots;
        this.source = source;
        this.table = table;
        this.key = key;
        this.retention = retention;
        this.keys = new TableReader(
                source, table, key, key, Consistency.STATIC, PageQuery.DEFAULT_TIMEOUT, ByteLimits.DEFAULT);
    }

    /**
     * Appends the next rows of the table to the log. One that was stopped goes on behind the row that it has appended
     * last. The triggers append what changes meanwhile, so it does not matter that this is no picture of one moment.
     *
     * @return whether all of them are appended
     */
    public boolean snapshot() throws SQLException {
        if (ended) {
            return true;
        }
        if (!begun) {
            last = unfinished().orElse(null);
            begun = true;
            LOG.info("{}: appends its rows to its change log, {}", table, last == null ? "all" : "those after " + last);
        }
        Page page = keys.read(PageRequest.after(last, CHUNK));
        List<Cursor> found = page.records().stream().map(row -> row.cursor(key)).toList();
        List<Cursor> appended = found.isEmpty() && last != null ? List.of(last) : found;
        if (!appended.isEmpty()) {
            try (Connection connection = source.getConnection()) {
                String end = page.drained() ? ChangeLog.SNAPSHOT_END : ChangeLog.SNAPSHOT;
                log(connection).append(connection, appended, ChangeLog.SNAPSHOT, end);
                commit(connection);
            } catch (SQLException e) {
                throw ReadFailure.of("the rows of " + table + " into its change log", e);
            }
            last = appended.get(appended.size() - 1);
            rows += found.size();
        }
        ended = page.drained();
        if (ended) {
            LOG.info("{}: {} rows are appended to its change log", table, rows);
        }
        return ended;
    }

    /** How many rows the snapshot has appended. */
    public long rows() {
        return rows;
    }

    private Optional<Cursor> unfinished() throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(log(connection).lastOfSnapshot());
                ResultSet found = statement.executeQuery()) {
            RowReader reader = new RowReader(found, ByteLimits.DEFAULT.maxValueBytes());
            return found.next()
                    ? Optional.of(reader.read())
                            .filter(row -> ChangeLog.SNAPSHOT.equals(row.value(ChangeLog.OPERATION)))
                            .map(row -> row.cursor(key))
                    : Optional.empty();
        }
    }

    /**
     * Deletes old changes before the checkpoint, once a minute. The change at the checkpoint stays: it shows that nothing
     * behind it was deleted.
     */
    public void prune(Optional<Cursor> checkpoint) {
        boolean due = pruned == null || System.nanoTime() - pruned > BETWEEN.toNanos();
        if (!due || retention.isZero() || checkpoint.isEmpty()) {
            return;
        }
        pruned = System.nanoTime();
        long before = ((Number) checkpoint.get().values().get(0)).longValue();
        try (Connection connection = source.getConnection()) {
            boolean more = true;
            for (int chunk = 0; more && chunk < MOST_CHUNKS; chunk++) {
                more = prune(connection, before);
            }
        } catch (SQLException e) {
            LOG.warn("{}: old changes cannot be deleted from its change log: {}", table, ReadFailure.message(e));
        }
    }

    /** Only the beginning of the log, so that what is missing can be told from its first change. */
    private boolean prune(Connection connection, long before) throws SQLException {
        ChangeLog log = log(connection);
        int old = 0;
        long end = 0;
        try (PreparedStatement first = connection.prepareStatement(log.first())) {
            first.setLong(1, retention.toSeconds());
            first.setInt(2, CHUNK);
            try (ResultSet found = first.executeQuery()) {
                while (found.next() && found.getBoolean(2) && found.getLong(1) < before) {
                    end = found.getLong(1);
                    old++;
                }
            }
        }
        if (old > 0) {
            try (PreparedStatement delete = connection.prepareStatement(log.deleteUpTo())) {
                delete.setLong(1, end);
                delete.executeUpdate();
            }
        }
        commit(connection);
        return old == CHUNK;
    }

    private static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private ChangeLog log(Connection connection) throws SQLException {
        return ChangeLog.of(connection, table, key);
    }
}
