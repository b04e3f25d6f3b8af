package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.Lease;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The checkpoints of all pipelines, in the store. Thread-safe. */
public final class Checkpoints {

    private static final String RAISE =
            "UPDATE drover_checkpoint SET epoch = epoch + 1, leased_by = ?, leased_until = $now + ?,"
                    + " updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?"
                    + " AND (leased_until IS NULL OR leased_until <= $now OR ? = 1)";
    private static final String INSERT = "INSERT INTO drover_checkpoint"
            + " (pipeline, cursor_json, settled, epoch, run, leased_by, leased_until, updated_at)"
            + " VALUES (?, NULL, 0, 1, $now, ?, $now + ?, CURRENT_TIMESTAMP)";
    private static final String OWNER =
            "SELECT leased_by, leased_until - $now FROM drover_checkpoint WHERE pipeline = ?";
    private static final String READ = "SELECT cursor_json, settled, epoch, run, source_table, source_cluster"
            + " FROM drover_checkpoint WHERE pipeline = ?";
    private static final String READ_ALL = "SELECT * FROM drover_checkpoint WHERE pipeline = ?";
    private static final String READ_CURSOR = "SELECT cursor_json FROM drover_checkpoint WHERE pipeline = ?";
    private static final int LONGEST_NAME = 200;
    private static final int TRIES = 10;

    private final DataSource store;

    /**
     * Checkpoints in a store.
     *
     * @param store whose schema is up to date, see {@link StoreSchema#migrate}
     */
    public Checkpoints(DataSource store) {
        this.store = store;
    }

    /**
     * Takes a pipeline over if no other process owns it. From now on only the returned owner can move its checkpoint;
     * every earlier owner is fenced. A refused take changes nothing, so a wrongly configured process does not fence a
     * running one.
     *
     * @param pipeline its name, at most 200 characters
     * @param key the columns by which it is read
     * @throws OwnedException if the lease of another owner is still running
     * @throws IllegalStateException if the checkpoint is corrupt, or is one of other key columns
     * @throws SettlementException if the store cannot be reached now
     */
    public Checkpoint take(String pipeline, List<String> key, Claim claim) {
        if (pipeline.isEmpty() || pipeline.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "the name of a pipeline has 1 to 200 characters, not " + pipeline.length());
        }
        for (int tried = 1; ; tried++) {
            try {
                Lease lease = Lease.of(claim.lease());
                return Store.inTransaction(store, connection -> take(connection, pipeline, key, claim, lease));
            } catch (SQLException e) {
                // Another process created the row, or locked it the other way round, between our two statements.
                if (tried == TRIES || !Store.isConflict(e)) {
                    throw new SettlementException("the checkpoint of pipeline " + pipeline + " cannot be taken now", e);
                }
            }
        }
    }

    /**
     * Where a pipeline's checkpoint is, without taking the pipeline over; empty before its first page is settled. Reads
     * a store of any earlier version.
     *
     * @throws IllegalStateException if the checkpoint is corrupt
     * @throws SettlementException if the store cannot be read now, or has no tables yet
     */
    public Optional<Cursor> cursor(String pipeline) {
        try (Connection connection = store.getConnection()) {
            return json(connection, pipeline).map(json -> CursorJson.read(pipeline, json));
        } catch (SQLException e) {
            throw new SettlementException("the checkpoint of pipeline " + pipeline + " cannot be read now", e);
        }
    }

    private static Optional<String> json(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ_CURSOR)) {
            statement.setString(1, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * The number of the run that a pipeline is in, see {@link Settlement#run}. Reads a store of any earlier version,
     * where it is 0.
     *
     * @throws SettlementException if the store cannot be read now, or has no tables yet
     */
    public long run(String pipeline) {
        try (Connection connection = store.getConnection();
                PreparedStatement statement = connection.prepareStatement(READ_ALL)) {
            statement.setString(1, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                return hasRun(rows.getMetaData()) && rows.next() ? rows.getLong("run") : 0;
            }
        } catch (SQLException e) {
            throw new SettlementException("the checkpoint of pipeline " + pipeline + " cannot be read now", e);
        }
    }

    private static boolean hasRun(ResultSetMetaData columns) throws SQLException {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            if (columns.getColumnName(i).equalsIgnoreCase("run")) {
                return true;
            }
        }
        return false;
    }

    /**
     * What a pipeline's checkpoint was written for.
     *
     * @throws SettlementException if the store cannot be read now, or its tables are not up to date
     */
    public Origin origin(String pipeline) {
        try (Connection connection = store.getConnection()) {
            return read(connection, pipeline).map(Row::origin).orElse(Origin.UNKNOWN);
        } catch (SQLException e) {
            throw new SettlementException("the checkpoint of pipeline " + pipeline + " cannot be read now", e);
        }
    }

    private Checkpoint take(Connection connection, String pipeline, List<String> key, Claim claim, Lease lease)
            throws SQLException {
        // The update comes first: its row lock makes a second taker wait, and what is read does not change then.
        if (!raise(connection, pipeline, claim)) {
            if (!claim.sole()) {
                refuseIfOwned(connection, pipeline);
            }
            insert(connection, pipeline, claim);
        }
        Row row = read(connection, pipeline).orElseThrow(() -> new SQLException("the row just written is not there"));
        Cursor cursor = row.json() == null ? null : CursorJson.read(pipeline, row.json());
        if (cursor != null && !cursor.columns().equals(key)) {
            throw new IllegalStateException("the checkpoint of pipeline " + pipeline + " is of key " + cursor.columns()
                    + ", but the pipeline is now read by key " + key + ": set the key back, or give the pipeline a new"
                    + " name, under which it reads from its beginning");
        }
        return new Checkpoint(store, pipeline, claim.lease(), lease, row, cursor);
    }

    private static boolean raise(Connection connection, String pipeline, Claim claim) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, RAISE))) {
            statement.setString(1, claim.owner());
            statement.setLong(2, claim.lease().toMillis());
            statement.setString(3, pipeline);
            statement.setInt(4, claim.sole() ? 1 : 0);
            return statement.executeUpdate() > 0;
        }
    }

    private static void insert(Connection connection, String pipeline, Claim claim) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, INSERT))) {
            statement.setString(1, pipeline);
            statement.setString(2, claim.owner());
            statement.setLong(3, claim.lease().toMillis());
            statement.executeUpdate();
        }
    }

    /** If its lease ended since it was asked for, the row that is there fails the insert, and all is tried again. */
    private static void refuseIfOwned(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, OWNER))) {
            statement.setString(1, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next() && rows.getLong(2) > 0) {
                    Duration left = Duration.ofMillis(rows.getLong(2));
                    throw new OwnedException(
                            "pipeline " + pipeline + " is owned by " + rows.getString(1)
                                    + ", whose lease ends in "
                                    + left.plusMillis(999).toSeconds()
                                    + " s unless it is renewed",
                            left);
                }
            }
        }
    }

    static Optional<Row> read(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, pipeline);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    private static Row row(ResultSet rows) throws SQLException {
        Origin origin = new Origin(rows.getString(5), rows.getString(6));
        return new Row(rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4), origin);
    }

    record Row(@Nullable String json, long settled, long epoch, long run, Origin origin) {}
}
