package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.Lease;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import dev.drover.store.Checkpoint.Origin;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ColumnMapRowMapper;

/**
 * The checkpoints of all pipelines in the store. Thread-safe.
 *
 * @param store a store with an up-to-date schema, see {@link StoreSchema#migrate}
 */
public record Checkpoints(DataSource store) {

    private static final String TAKE =
            "UPDATE drover_checkpoint SET epoch = epoch + 1, leased_by = ?, leased_until = $now + ?,"
                    + " updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?"
                    + " AND (leased_until IS NULL OR leased_until <= $now OR ? = 1)";
    private static final String TAKE_FIRST = "INSERT INTO drover_checkpoint"
            + " (pipeline, cursor_json, settled, epoch, run, leased_by, leased_until, updated_at)"
            + " VALUES (?, NULL, 0, 1, $now, ?, $now + ?, CURRENT_TIMESTAMP)";
    private static final String OWNER = "SELECT leased_by, leased_until - $now FROM drover_checkpoint"
            + " WHERE pipeline = ? AND leased_until > $now";

    // All columns, because a table of an earlier version lacks some.
    private static final String READ = "SELECT * FROM drover_checkpoint WHERE pipeline = ?";
    private static final int LONGEST_NAME = 200;

    /**
     * How a process takes a pipeline.
     *
     * @param owner the name of the process, for people
     * @param lease the time that it owns the pipeline after each renewal
     * @param sole whether no other process can be an owner, so that a lease which has not ended was left by a process that
     *     has ended
     */
    public record Claim(String owner, Duration lease, boolean sole) {

        private static final Duration SHORTEST = Duration.ofSeconds(1);
        private static final int LONGEST_OWNER = 200;

        public Claim {
            if (lease.compareTo(SHORTEST) < 0) {
                throw new IllegalArgumentException("leaseDuration: " + lease.toMillis()
                        + " ms is not allowed, it must be at least " + SHORTEST.toMillis() + " ms");
            }
            owner = owner.length() <= LONGEST_OWNER ? owner : owner.substring(0, LONGEST_OWNER);
        }
    }

    /**
     * Takes a pipeline over if no other process owns it. From now on only the returned owner can move the checkpoint, and
     * every earlier owner is fenced off. If this method throws, nothing has changed, so a process with a wrong configuration
     * does not fence off a running one.
     *
     * @param pipeline the name, at most 200 characters
     * @param key the key columns
     * @throws OwnedException if the lease of another owner has not ended
     * @throws IllegalStateException if the checkpoint is corrupt, or has other key columns
     * @throws SettlementException if the store cannot be reached now
     */
    public Checkpoint take(String pipeline, List<String> key, Claim claim) {
        if (pipeline.isEmpty() || pipeline.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "the name of a pipeline has 1 to 200 characters, not " + pipeline.length());
        }
        // Retries if another process creates the row between two statements, or locks rows in another order.
        return Transaction.retried(
                store, failure(pipeline, "taken"), transaction -> take(transaction, pipeline, key, claim));
    }

    private Checkpoint take(Transaction transaction, String pipeline, List<String> key, Claim claim)
            throws SQLException {
        Lease lease = Lease.of(claim.lease());
        long length = claim.lease().toMillis();
        // The update comes first: its row lock makes a second process wait, so the row does not change after it is
        // read.
        if (transaction.update(TAKE, claim.owner(), length, pipeline, claim.sole() ? 1 : 0) == 0) {
            // If the row is created or the lease ends between the two statements, the insert fails and all is repeated.
            Optional<OwnedException> owned = claim.sole()
                    ? Optional.empty()
                    : transaction.first(OWNER, (row, i) -> owned(pipeline, row), pipeline);
            if (owned.isPresent()) {
                throw owned.get();
            }
            transaction.update(TAKE_FIRST, pipeline, claim.owner(), length);
            Receipts.forget(transaction, pipeline, null);
        }
        Row row = read(transaction, pipeline).orElseThrow();
        Cursor cursor = row.cursor(pipeline);
        if (cursor != null && !cursor.columns().equals(key)) {
            throw new IllegalStateException("the checkpoint of pipeline " + pipeline + " is of key " + cursor.columns()
                    + ", but the pipeline is now read by key " + key + ": set the key back, or give the pipeline a new"
                    + " name, under which it reads from its beginning");
        }
        return new Checkpoint(store, pipeline, claim.lease(), lease, row, cursor);
    }

    private static OwnedException owned(String pipeline, ResultSet row) throws SQLException {
        Duration left = Duration.ofMillis(row.getLong(2));
        return new OwnedException(
                "pipeline " + pipeline + " is owned by " + row.getString(1) + ", whose lease ends in "
                        + left.plusMillis(999).toSeconds() + " s unless it is renewed",
                left);
    }

    /**
     * Reads the checkpoint of a pipeline without taking it over; empty before its first page is settled. Works with a store
     * of any earlier version.
     *
     * @throws IllegalStateException if the checkpoint is corrupt
     * @throws SettlementException if the store cannot be read now, or has no tables yet
     */
    public Optional<Cursor> cursor(String pipeline) {
        return read(pipeline).map(row -> row.cursor(pipeline));
    }

    /**
     * The number of the current run of a pipeline, see {@link Settlement#run}; 0 in a store of an earlier version.
     *
     * @throws SettlementException if the store cannot be read now, or has no tables yet
     */
    public long run(String pipeline) {
        return read(pipeline).map(Row::run).orElse(0L);
    }

    /**
     * The source that the checkpoint of a pipeline belongs to.
     *
     * @throws SettlementException if the store cannot be read now, or has no tables yet
     */
    public Origin origin(String pipeline) {
        return read(pipeline).map(Row::origin).orElse(Origin.UNKNOWN);
    }

    private Optional<Row> read(String pipeline) {
        return Transaction.on(store, failure(pipeline, "read"), transaction -> read(transaction, pipeline));
    }

    static Optional<Row> read(Transaction transaction, String pipeline) throws SQLException {
        return transaction.first(READ, new ColumnMapRowMapper(), pipeline).map(Row::of);
    }

    /** The columns of a row that an owner needs. */
    record Row(@Nullable String json, long settled, long epoch, long run, Origin origin) {

        private static Row of(Map<String, @Nullable Object> columns) {
            return new Row(
                    (String) columns.get("cursor_json"),
                    number(columns.get("settled")),
                    number(columns.get("epoch")),
                    number(columns.get("run")),
                    new Origin((String) columns.get("source_table"), (String) columns.get("source_cluster")));
        }

        private static long number(@Nullable Object value) {
            return value instanceof Number number ? number.longValue() : 0;
        }

        private @Nullable Cursor cursor(String pipeline) {
            return json == null ? null : CursorJson.read(pipeline, json);
        }
    }

    static String failure(String pipeline, String done) {
        return "the checkpoint of pipeline " + pipeline + " cannot be " + done + " now";
    }
}
