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
 * The writes of a pipeline to its change log. At its beginning it appends the key of each existing row, so these rows
 * are read like changed ones. Later it deletes old changes. For one thread.
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
    private @Nullable ChangeLog log;

    /**
     * Creates the upkeep of a table's change log.
     *
     * @param key the key columns of the table
     * @param snapshots whether to append the existing rows
     * @param retention how long settled changes are kept; zero keeps them forever
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
     * Appends the next rows of the table to the log. After a stop it continues after the last appended row. The triggers
     * append changes that are made meanwhile, so the rows need not be a snapshot of one moment.
     *
     * @return whether all rows are appended
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

    /** The number of rows that the snapshot has appended. */
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
     * Deletes old changes before the checkpoint, at most once a minute. The change at the checkpoint stays, as proof that
     * no later change was deleted.
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

    /** Deletes only the beginning of the log, so that its first change shows which ones are missing. */
    private boolean prune(Connection connection, long before) throws SQLException {
        ChangeLog changes = log(connection);
        int old = 0;
        long end = 0;
        try (PreparedStatement first = connection.prepareStatement(changes.first())) {
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
            try (PreparedStatement delete = connection.prepareStatement(changes.deleteUpTo())) {
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
        if (log == null) {
            log = ChangeLog.of(connection, table, key);
        }
        return log;
    }
}
