package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.SettlementException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the checkpoints and changes them by hand. A change raises the epoch, so that an owner that runs is fenced
 * off instead of overwriting it; its lease stays, so that the next owner begins when the fenced one must have noticed.
 * It raises the run too, so that what is sent again is not taken for what was sent before. Thread-safe.
 */
public final class CheckpointEditor {

    private static final String READ =
            "SELECT pipeline, cursor_json, settled, epoch, run, CASE WHEN leased_until > $now THEN leased_by END"
                    + " FROM drover_checkpoint ORDER BY pipeline";
    private static final String CHANGE = "UPDATE drover_checkpoint SET cursor_json = ?, epoch = epoch + 1,"
            + " run = run + 1, source_table = NULL, source_cluster = NULL, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?";
    private static final String INSERT = "INSERT INTO drover_checkpoint"
            + " (cursor_json, pipeline, settled, epoch, run, updated_at) VALUES (?, ?, 0, 1, COALESCE(?, $now), CURRENT_TIMESTAMP)";

    // What is read from there on is sent on purpose, so nothing that was sent before may stand for it.
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
            if (problem != null) {
                return problem;
            }
            return cursor == null ? "none" : cursor.toString();
        }
    }

    /**
     * All checkpoints, in the order of their pipelines' names.
     *
     * @throws SettlementException if the store cannot be read now
     */
    public List<Stored> all() {
        try {
            return Store.inTransaction(store, CheckpointEditor::read);
        } catch (SQLException e) {
            throw new SettlementException("the store cannot be read now", e);
        }
    }

    /**
     * The checkpoint of one pipeline, empty if there is none of this name.
     *
     * @throws SettlementException if the store cannot be read now
     */
    public Optional<Stored> of(String pipeline) {
        return all().stream()
                .filter(stored -> stored.pipeline().equals(pipeline))
                .findFirst();
    }

    /**
     * Sets the checkpoint of a pipeline, or removes its key. It is then no longer one of a certain table or cluster, but
     * of what the pipeline reads next; batches that were kept to be sent again are forgotten.
     *
     * @param cursor the key after which it is read; null for its beginning
     * @throws SettlementException if the store cannot be written now; nothing was changed
     */
    public void set(String pipeline, @Nullable Cursor cursor) {
        write(pipeline, connection -> {
            boolean written = change(connection, pipeline, cursor) || insert(connection, pipeline, cursor, null);
            forget(connection, pipeline);
            return written;
        });
    }

    /**
     * Writes the checkpoint of a pipeline that has none, with the number of a run: it is a copy of one in another
     * store.
     *
     * @param cursor the key after which it is read; null for its beginning
     * @throws SettlementException if it has one, or the store cannot be written now; nothing was changed
     */
    public void copy(String pipeline, @Nullable Cursor cursor, long run) {
        write(pipeline, connection -> insert(connection, pipeline, cursor, run));
    }

    private void write(String pipeline, Store.Work<Boolean> change) {
        try {
            Store.inTransaction(store, change);
        } catch (SQLException e) {
            throw new SettlementException("the checkpoint of pipeline " + pipeline + " cannot be written now", e);
        }
    }

    private static void forget(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setString(1, pipeline);
            int unused = statement.executeUpdate();
        }
    }

    private static boolean change(Connection connection, String pipeline, @Nullable Cursor cursor) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHANGE)) {
            statement.setString(1, json(cursor));
            statement.setString(2, pipeline);
            return statement.executeUpdate() > 0;
        }
    }

    private static boolean insert(Connection connection, String pipeline, @Nullable Cursor cursor, @Nullable Long run)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, INSERT))) {
            statement.setString(1, json(cursor));
            statement.setString(2, pipeline);
            statement.setObject(3, run, Types.BIGINT);
            return statement.executeUpdate() > 0;
        }
    }

    private static @Nullable String json(@Nullable Cursor cursor) {
        return cursor == null ? null : CursorJson.write(cursor);
    }

    private static List<Stored> read(Connection connection) throws SQLException {
        List<Stored> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, READ));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                all.add(stored(rows));
            }
        }
        return all;
    }

    private static Stored stored(ResultSet rows) throws SQLException {
        String pipeline = rows.getString(1);
        String json = rows.getString(2);
        Cursor cursor = null;
        String problem = null;
        try {
            cursor = json == null ? null : CursorJson.read(pipeline, json);
        } catch (IllegalStateException corrupt) {
            problem = corrupt.getMessage();
        }
        return new Stored(
                pipeline, cursor, problem, rows.getLong(3), rows.getLong(4), rows.getLong(5), rows.getString(6));
    }
}
