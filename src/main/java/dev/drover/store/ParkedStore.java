package dev.drover.store;

import dev.drover.ledger.FencedException;
import dev.drover.ledger.SettlementException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The parked records of a pipeline, for its owner. They are rows of {@code drover_dead_letter} with a lane. Each change
 * first locks the checkpoint and compares its epoch, so an earlier owner cannot change what the new owner has read. Every
 * method throws {@link FencedException} if another owner has taken the pipeline over, and {@link SettlementException} if the
 * store cannot be used now. Thread-safe.
 *
 * @param store a store with an up-to-date schema
 * @param epoch of the owner
 */
public record ParkedStore(DataSource store, String pipeline, long epoch) {

    private static final String LOCK =
            "SELECT epoch, settled, run FROM drover_checkpoint WHERE pipeline = ? FOR UPDATE";
    private static final String INSERT = "INSERT INTO drover_dead_letter (id, pipeline, destination, record_key,"
            + " cursor_json, reason, payload, parked_lane, parked_batch, parked_place, parked_run)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String LAST =
            "SELECT COALESCE(MAX(parked_batch), 0) FROM drover_dead_letter" + " WHERE pipeline = ? AND parked_lane = ?";
    private static final String KNOWN = "SELECT 1 FROM drover_dead_letter WHERE id = ?";
    private static final String FIRST = "SELECT id, destination, cursor_json, payload FROM drover_dead_letter"
            + " WHERE pipeline = ? AND parked_lane = ? AND parked_batch = (SELECT MIN(parked_batch)"
            + " FROM drover_dead_letter WHERE pipeline = ? AND parked_lane = ?) ORDER BY parked_place, SUBSTRING(id, 57)";
    private static final String COUNT = "SELECT parked_lane, COUNT(*) FROM drover_dead_letter"
            + " WHERE pipeline = ? AND parked_lane <> '' GROUP BY parked_lane ORDER BY MIN(created_at)";
    private static final String ANY =
            "SELECT 1 FROM drover_dead_letter WHERE pipeline = ? AND parked_lane IS NOT NULL LIMIT 1";
    private static final String DONE = "UPDATE drover_dead_letter SET parked_lane = '', payload = NULL WHERE id = ?";
    private static final String DELETE = "DELETE FROM drover_dead_letter WHERE id = ?";
    private static final String FORGET = "DELETE FROM drover_dead_letter"
            + " WHERE pipeline = ? AND parked_lane IS NOT NULL AND parked_run = ? AND parked_place > ?";
    private static final String SWEEP = "DELETE FROM drover_dead_letter"
            + " WHERE pipeline = ? AND parked_lane = '' AND (parked_run <> ? OR parked_place <= ?)";

    /**
     * A record to park, or a parked one.
     *
     * @param id 64 hexadecimal digits, the same whenever the batch is written again; the last 8 are its index in the batch
     * @param destination its delivery route
     * @param key the key for people; null if it was read
     * @param cursor the exact key
     * @param reason why it is parked; null if it was read
     * @param payload its body as JSON in ASCII
     * @param place its place among all records of the pipeline; 0 if it was read
     */
    public record Parked(
            String id,
            String destination,
            @Nullable String key,
            String cursor,
            @Nullable String reason,
            String payload,
            long place) {}

    /** What the lock of the checkpoint shows. */
    private record Passed(long epoch, long settled, long run) {}

    /**
     * Whether a batch is stored, although its writer may not have heard of it.
     *
     * @param first the id of its first record
     */
    public boolean has(String first) {
        return on(transaction -> has(transaction, first));
    }

    private static boolean has(Transaction transaction, String first) throws SQLException {
        return transaction.first(KNOWN, (row, i) -> true, first).isPresent();
    }

    /** Writes a batch behind the others of its lane. Does nothing if it was written before. */
    public void add(String lane, List<Parked> batch) {
        on(transaction -> {
            Passed passed = lock(transaction);
            if (!has(transaction, batch.get(0).id())) {
                long number = transaction
                                .first(LAST, (row, i) -> row.getLong(1), pipeline, lane)
                                .orElse(0L)
                        + 1;
                transaction.updateAll(
                        INSERT,
                        batch.stream()
                                .map(each -> row(each, lane, number, passed.run()))
                                .toList());
            }
            return passed;
        });
    }

    private @Nullable Object[] row(Parked each, String lane, long number, long run) {
        return new @Nullable Object[] {
            each.id(),
            pipeline,
            each.destination(),
            each.key(),
            each.cursor(),
            each.reason(),
            each.payload(),
            lane,
            number,
            each.place(),
            run
        };
    }

    /** The oldest batch of a lane; empty if the lane has none. */
    public List<Parked> first(String lane) {
        return on(transaction -> transaction.list(FIRST, (row, i) -> parked(row), pipeline, lane, pipeline, lane));
    }

    private static Parked parked(ResultSet row) throws SQLException {
        return new Parked(row.getString(1), row.getString(2), null, row.getString(3), null, row.getString(4), 0);
    }

    /**
     * Removes what earlier owners have parked without passing it by the checkpoint, because it is read again. Returns the
     * lanes that are left, oldest first, with their numbers of records.
     *
     * @throws SQLException if the store cannot be used now; to be called again
     */
    public Map<String, Long> take() throws SQLException {
        return Transaction.on(store, transaction -> {
            if (transaction.first(ANY, (row, i) -> true, pipeline).isEmpty()) {
                return Map.of();
            }
            Passed passed = lock(transaction);
            transaction.update(FORGET, pipeline, passed.run(), passed.settled());
            sweep(transaction, passed);
            return count(transaction);
        });
    }

    /** The number of parked records. */
    public long count() {
        return on(this::count).values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<String, Long> count(Transaction transaction) throws SQLException {
        Map<String, Long> lanes = new LinkedHashMap<>();
        transaction.list(COUNT, (row, i) -> lanes.put(row.getString(1), row.getLong(2)), pipeline);
        return lanes;
    }

    /**
     * Removes records.
     *
     * @param delivered the ids of those that a destination has accepted
     * @param refused the ids of those that have become dead letters, which take their place in all counts
     */
    public void remove(List<String> delivered, List<String> refused) {
        on(transaction -> {
            Passed passed = lock(transaction);
            transaction.updateAll(
                    DONE,
                    delivered.stream().map(id -> new @Nullable Object[] {id}).toList());
            transaction.updateAll(
                    DELETE,
                    refused.stream().map(id -> new @Nullable Object[] {id}).toList());
            return sweep(transaction, passed);
        });
    }

    /** A delivered record counts as removed once the checkpoint has counted it as set aside. */
    private int sweep(Transaction transaction, Passed passed) throws SQLException {
        int swept = transaction.update(SWEEP, pipeline, passed.run(), passed.settled());
        return swept == 0 ? 0 : transaction.update(DeadLetterStore.REMOVED, swept, pipeline);
    }

    private Passed lock(Transaction transaction) throws SQLException {
        return transaction
                .first(LOCK, (row, i) -> new Passed(row.getLong(1), row.getLong(2), row.getLong(3)), pipeline)
                .filter(row -> row.epoch() == epoch)
                .orElseThrow(() -> new FencedException("pipeline " + pipeline + " is no longer owned by " + epoch
                        + ": its parked records belong to the next owner"));
    }

    private <T> T on(Transaction.Work<T> work) {
        return Transaction.on(store, "the parked records cannot be read or written now", work);
    }
}
