package dev.drover.store;

import dev.drover.ledger.SettlementException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What the running owners say of their pipelines, kept in the store for the commands beside them. Thread-safe. */
public final class Statuses {

    private static final String UPDATE = "UPDATE drover_status SET status_json = ?, epoch = ?,"
            + " updated_at = CURRENT_TIMESTAMP WHERE pipeline = ? AND epoch <= ?";
    private static final String INSERT = "INSERT INTO drover_status (status_json, epoch, pipeline, updated_at)"
            + " VALUES (?, ?, ?, CURRENT_TIMESTAMP)";
    private static final String READ =
            "SELECT pipeline, epoch, status_json, updated_at, CURRENT_TIMESTAMP FROM drover_status";

    private final DataSource store;

    /**
     * Statuses in a store.
     *
     * @param store whose schema is up to date, see {@link StoreSchema#migrate}
     */
    public Statuses(DataSource store) {
        this.store = store;
    }

    /**
     * What an owner said.
     *
     * @param epoch the owner
     * @param json what it said, as JSON
     * @param age how long ago, by the clock of the store
     */
    public record Told(long epoch, String json, Duration age) {}

    /**
     * Says something of a pipeline, in place of what was said before. An owner that was taken over says nothing.
     *
     * @throws SettlementException if the store cannot be written now
     */
    public void tell(String pipeline, long epoch, String json) {
        try {
            Store.inTransaction(store, connection -> tell(connection, pipeline, epoch, StoredText.of(json)));
        } catch (SQLException e) {
            if (!Store.isConflict(e)) {
                throw new SettlementException("the status of pipeline " + pipeline + " cannot be written now", e);
            }
        }
    }

    private static boolean tell(Connection connection, String pipeline, long epoch, String json) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setString(1, json);
            update.setLong(2, epoch);
            update.setString(3, pipeline);
            update.setLong(4, epoch);
            if (update.executeUpdate() > 0) {
                return true;
            }
        }
        // A row is there, of a later owner: its key refuses this one.
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, json);
            insert.setLong(2, epoch);
            insert.setString(3, pipeline);
            return insert.executeUpdate() > 0;
        }
    }

    /**
     * What was last said of each pipeline, by its name.
     *
     * @throws SettlementException if the store cannot be read now
     */
    public Map<String, Told> read() {
        try {
            return Store.inTransaction(store, Statuses::read);
        } catch (SQLException e) {
            throw new SettlementException("the store cannot be read now", e);
        }
    }

    private static Map<String, Told> read(Connection connection) throws SQLException {
        Map<String, Told> told = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(READ);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Duration age = Duration.between(
                        rows.getTimestamp(4).toInstant(), rows.getTimestamp(5).toInstant());
                told.put(rows.getString(1), new Told(rows.getLong(2), rows.getString(3), age));
            }
        }
        return told;
    }
}
