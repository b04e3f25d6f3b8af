package dev.drover.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the checkpoints and changes them by hand. A change raises the epoch, so that an owner that runs is fenced
 * off instead of overwriting it; its lease stays, so that the next owner begins when the fenced one must have noticed.
 * Thread-safe.
 */
public final class CheckpointEditor {

    private static final String READ =
            "SELECT pipeline, cursor_json, settled, epoch, CASE WHEN leased_until > $now THEN leased_by END"
                    + " FROM drover_checkpoint ORDER BY pipeline";
    private static final String CHANGE = "UPDATE drover_checkpoint SET cursor_json = ?, epoch = epoch + 1,"
            + " source_table = NULL, source_cluster = NULL, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?";
    private static final String INSERT = "INSERT INTO drover_checkpoint"
            + " (cursor_json, pipeline, settled, epoch, updated_at) VALUES (?, ?, 0, 1, CURRENT_TIMESTAMP)";

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
     * A checkpoint as it is stored.
     *
     * @param pipeline its pipeline
     * @param cursor the key up to which every record is settled; null before the first is
     * @param problem why the cursor can not be read; null if it can
     * @param settled how many records were ever passed
     * @param epoch the number of the owner that may write it
     * @param owner whose lease is running, for people; null if nobody's is
     */
    public record Stored(
            String pipeline,
            @Nullable Cursor cursor,
            @Nullable String problem,
            long settled,
            long epoch,
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
     * @throws SettlementException if the store can not be read now
     */
    public List<Stored> all() {
        try {
            return Store.inTransaction(store, CheckpointEditor::read);
        } catch (SQLException e) {
            throw new SettlementException("the store can not be read now", e);
        }
    }

    /**
     * The checkpoint of one pipeline, empty if there is none of this name.
     *
     * @throws SettlementException if the store can not be read now
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
     * @throws SettlementException if the store can not be written now; nothing was changed
     */
    public void set(String pipeline, @Nullable Cursor cursor) {
        String json = cursor == null ? null : CursorJson.write(cursor);
        try {
            Store.inTransaction(store, connection -> set(connection, json, pipeline));
        } catch (SQLException e) {
            throw new SettlementException("the checkpoint of pipeline " + pipeline + " can not be written now", e);
        }
    }

    private static boolean set(Connection connection, @Nullable String json, String pipeline) throws SQLException {
        boolean written = run(connection, CHANGE, json, pipeline) || run(connection, INSERT, json, pipeline);
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setString(1, pipeline);
            int unused = statement.executeUpdate();
        }
        return written;
    }

    private static boolean run(Connection connection, String sql, @Nullable String json, String pipeline)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, json);
            statement.setString(2, pipeline);
            return statement.executeUpdate() > 0;
        }
    }

    private static List<Stored> read(Connection connection) throws SQLException {
        List<Stored> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, READ));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                all.add(stored(
                        rows.getString(1), rows.getString(2), rows.getLong(3), rows.getLong(4), rows.getString(5)));
            }
        }
        return all;
    }

    private static Stored stored(
            String pipeline, @Nullable String json, long settled, long epoch, @Nullable String owner) {
        try {
            Cursor cursor = json == null ? null : CursorJson.read(pipeline, json);
            return new Stored(pipeline, cursor, null, settled, epoch, owner);
        } catch (IllegalStateException corrupt) {
            return new Stored(pipeline, null, corrupt.getMessage(), settled, epoch, owner);
        }
    }
}
