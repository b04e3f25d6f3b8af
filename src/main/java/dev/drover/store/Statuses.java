package dev.drover.store;

import dev.drover.ledger.SettlementException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The statuses of the running pipelines in the store, for commands in other processes. Thread-safe.
 *
 * @param store a store with an up-to-date schema, see {@link StoreSchema#migrate}
 */
public record Statuses(DataSource store) {

    private static final String UPDATE = "UPDATE drover_status SET status_json = ?, epoch = ?,"
            + " updated_at = CURRENT_TIMESTAMP WHERE pipeline = ? AND epoch <= ?";
    private static final String INSERT = "INSERT INTO drover_status (status_json, epoch, pipeline, updated_at)"
            + " VALUES (?, ?, ?, CURRENT_TIMESTAMP)";
    private static final String READ =
            "SELECT pipeline, epoch, status_json, updated_at, CURRENT_TIMESTAMP FROM drover_status";

    /**
     * The status of a pipeline.
     *
     * @param epoch the number of the owner
     * @param json the status as JSON
     * @param age the age by the clock of the store
     */
    public record Told(long epoch, String json, Duration age) {}

    /**
     * Stores the status of a pipeline in place of the earlier one. An owner that was fenced off changes nothing.
     *
     * @throws SettlementException if the store cannot be written now
     */
    public void tell(String pipeline, long epoch, String json) {
        String text = StoredText.of(json);
        try {
            Transaction.on(store, "the status of pipeline " + pipeline + " cannot be written now", transaction -> {
                int updated = transaction.update(UPDATE, text, epoch, pipeline, epoch);
                return updated > 0 ? updated : transaction.update(INSERT, text, epoch, pipeline);
            });
        } catch (SettlementException e) {
            // The row exists, written by a later owner: its key refuses the insert.
            if (!Transaction.isConflict(e)) {
                throw e;
            }
        }
    }

    /**
     * The last status of each pipeline, by name.
     *
     * @throws SettlementException if the store cannot be read now
     */
    public Map<String, Told> read() {
        Map<String, Told> told = new TreeMap<>();
        Transaction.on(
                store,
                "the store cannot be read now",
                transaction -> transaction.list(READ, (row, i) -> told.put(row.getString(1), told(row))));
        return told;
    }

    private static Told told(ResultSet row) throws SQLException {
        Duration age = Duration.between(
                row.getTimestamp(4).toInstant(), row.getTimestamp(5).toInstant());
        return new Told(row.getLong(2), row.getString(3), age);
    }
}
