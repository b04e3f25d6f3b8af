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

/** Looks at the checkpoints and changes them by hand. Thread-safe. */
public final class CheckpointEditor {

    private static final String READ_ALL =
            "SELECT pipeline, cursor_json, settled, epoch, run, CASE WHEN leased_until > $now THEN leased_by END"
                    + " FROM drover_checkpoint ORDER BY pipeline";
    private static final String SET = "UPDATE drover_checkpoint SET cursor_json = ?, epoch = epoch + 1,"
            + " run = run + 1, source_table = NULL, source_cluster = NULL, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?";
    private static final String INSERT = "INSERT INTO drover_checkpoint"
            + " (cursor_json, pipeline, settled, epoch, run, updated_at) VALUES (?, ?, 0, 1, COALESCE(?, $now), CURRENT_TIMESTAMP)";

    // The records after a checkpoint that is set are sent again on purpose, so no earlier batch may stand for them.
    private static final String FORGET = "DELETE FROM drover_kept_batch WHERE pipeline = ?";

    private final DataSource store;

    /**
     * Checkpoints in a store.
     *
     * @param store whose schema is up to date, see {@link StoreSchema#migrate}
     */
    public CheckpointEditor(DataSource store) {
        this.store = store;
    }

    /**
     * A stored checkpoint.
     *
     * @param pipeline its pipeline
     * @param cursor the key up to which every record is settled; null before the first is
     * @param problem why the cursor cannot be read; null if it can
     * @param settled how many records were ever passed
     * @param epoch the number of the owner that may write it
     * @param run the number of its run: the time at which it was first written, in milliseconds since 1970, and one more
     *     each time it was set or reset by hand
     * @param owner the process whose lease is running, for people; null if no lease is
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
     * All checkpoints, in the order of the names of their pipelines.
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
     * The checkpoint of one pipeline; empty if there is none of this name.
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
     * Sets the checkpoint of a pipeline, or removes its key, and forgets its origin, its kept batches
     * and the receipts of what comes after the key. This raises the
     * epoch: an owner that runs is fenced off and does not overwrite the checkpoint. Its lease stays, so that the next
     * owner begins when the fenced one must have noticed. The run grows too, so that records which are sent again do not
     * pass for those that were sent before.
     *
     * @param cursor the key after which it is read; null for its beginning
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
     * Writes the checkpoint of a pipeline that has none: a copy from another store.
     *
     * @param cursor the key after which it is read; null for its beginning
     * @param run the number of its run
     * @throws SettlementException if it has one, or the store cannot be written now; nothing was changed
     */
    public void copy(String pipeline, @Nullable Cursor cursor, long run) {
        String json = cursor == null ? null : CursorJson.write(cursor);
        Transaction.on(
                store,
                Checkpoints.failure(pipeline, "written"),
                transaction -> transaction.update(INSERT, json, pipeline, run));
    }
}
