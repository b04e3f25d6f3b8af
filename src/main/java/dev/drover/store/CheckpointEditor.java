package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.SettlementException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads checkpoints, and changes them for a user. Thread-safe.
 *
 * @param store a store with an up-to-date schema, see {@link StoreSchema#migrate}
 */
public record CheckpointEditor(DataSource store) {

    private static final String READ_ALL =
            "SELECT pipeline, cursor_json, settled, epoch, run, CASE WHEN leased_until > $now THEN leased_by END"
                    + " FROM drover_checkpoint ORDER BY pipeline";
    private static final String SET = "UPDATE drover_checkpoint SET cursor_json = ?, epoch = epoch + 1,"
            + " run = run + 1, source_table = NULL, source_cluster = NULL, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?";
    private static final String INSERT = "INSERT INTO drover_checkpoint"
            + " (cursor_json, pipeline, settled, epoch, run, updated_at) VALUES (?, ?, 0, 1, COALESCE(?, $now), CURRENT_TIMESTAMP)";

    // The records after a new checkpoint are sent again on purpose, so no kept batch may replace them.
    private static final String FORGET = "DELETE FROM drover_kept_batch WHERE pipeline = ?";

    /**
     * A stored checkpoint.
     *
     * @param pipeline its pipeline
     * @param cursor the key up to which every record is settled; null before the first record is settled
     * @param problem why the cursor cannot be read; null if it can
     * @param settled the number of records that were ever settled
     * @param epoch the number of the owner that may write it
     * @param run the number of the run: the time of the first write, in milliseconds since 1970, plus one for each time that
     *     the checkpoint was set or reset by hand
     * @param owner the name of the process with the current lease, for people; null if there is none
     */
    public record Stored(
            String pipeline,
            @Nullable Cursor cursor,
            @Nullable String problem,
            long settled,
            long epoch,
            long run,
            @Nullable String owner) {

        /** The cursor, for people. */
        public String text() {
            return problem != null ? problem : cursor == null ? "none" : cursor.toString();
        }
    }

    /**
     * All checkpoints, ordered by pipeline.
     *
     * @throws SettlementException if the store cannot be read now
     */
    public List<Stored> all() {
        return Transaction.on(
                store,
                "the store cannot be read now",
                transaction -> transaction.list(READ_ALL, (row, i) -> stored(row)));
    }

    /**
     * The checkpoint of one pipeline; empty if there is none.
     *
     * @throws SettlementException if the store cannot be read now
     */
    public Optional<Stored> of(String pipeline) {
        return all().stream()
                .filter(stored -> stored.pipeline().equals(pipeline))
                .findFirst();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        String pipeline = row.getString(1);
        String json = row.getString(2);
        Cursor cursor = null;
        String problem = null;
        try {
            cursor = json == null ? null : CursorJson.read(pipeline, json);
        } catch (IllegalStateException corrupt) {
            problem = corrupt.getMessage();
        }
        return new Stored(pipeline, cursor, problem, row.getLong(3), row.getLong(4), row.getLong(5), row.getString(6));
    }

    /**
     * Sets the checkpoint of a pipeline, or removes its key. Also removes its origin, its kept batches and the receipts of
     * rows after the key. The epoch grows, so that a running owner is fenced off and does not overwrite the checkpoint. The
     * lease of that owner stays, so the next owner begins after the fenced one must have noticed. The run grows too, so that
     * records which are sent again differ from those that were sent before.
     *
     * @param cursor the key after which the pipeline reads; null for the start
     * @throws SettlementException if the store cannot be written now; nothing was changed
     */
    public void set(String pipeline, @Nullable Cursor cursor) {
        String json = cursor == null ? null : CursorJson.write(cursor);
        Transaction.on(store, Checkpoints.failure(pipeline, "written"), transaction -> {
            if (transaction.update(SET, json, pipeline) == 0) {
                transaction.update(INSERT, json, pipeline, null);
            }
            Receipts.forget(transaction, pipeline, cursor);
            return transaction.update(FORGET, pipeline);
        });
    }

    /**
     * Writes a copy of a checkpoint from another store.
     *
     * @param cursor the key after which the pipeline reads; null for the start
     * @param run the number of the run
     * @throws SettlementException if the pipeline has a checkpoint, or the store cannot be written now; nothing was changed
     */
    public void copy(String pipeline, @Nullable Cursor cursor, long run) {
        String json = cursor == null ? null : CursorJson.write(cursor);
        Transaction.on(
                store,
                Checkpoints.failure(pipeline, "written"),
                transaction -> transaction.update(INSERT, json, pipeline, run));
    }
}
