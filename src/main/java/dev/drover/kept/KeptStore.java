package dev.drover.kept;

import dev.drover.ledger.FencedException;
import dev.drover.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The kept batches in the store. Each change first locks the checkpoint of the pipeline and compares its epoch. So a
 * previous owner that still writes cannot leave a batch that the new owner does not see. Thread-safe.
 */
final class KeptStore {

    private static final String LOCK = "SELECT epoch, settled FROM drover_checkpoint WHERE pipeline = ? FOR UPDATE";
    private static final String FORGET_PASSED = "DELETE FROM drover_kept_batch WHERE pipeline = ? AND last_record <= ?";
    private static final String FORGET = "DELETE FROM drover_kept_batch WHERE pipeline = ? AND route = ? AND id = ?";
    private static final String READ = "SELECT record_keys, last_record, content_type, content_encoding, body"
            + " FROM drover_kept_batch WHERE pipeline = ? AND route = ? AND id = ?";
    private static final String LIST =
            "SELECT route, id FROM drover_kept_batch WHERE pipeline = ? ORDER BY last_record, created_at, id";
    private static final String INSERT = "INSERT INTO drover_kept_batch (pipeline, route, id, record_keys, last_record,"
            + " content_type, content_encoding, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    private final DataSource store;

    /** @param store with an up-to-date schema */
    KeptStore(DataSource store) {
        this.store = store;
    }

    /** The owner of a batch: a pipeline and the epoch of its process. */
    record Owner(String pipeline, long epoch) {}

    /** The name of a batch in a pipeline: its delivery route and its Idempotency-Key. */
    record Name(String route, String id) {}

    /**
     * A batch as sent.
     *
     * @param keys the keys of its records, in order
     * @param lastRecord the position of its last record among all records of the pipeline
     * @param contentType the header Content-Type, if any
     * @param contentEncoding the header Content-Encoding, if any
     * @param body its bytes; must not be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Kept(
            Name name,
            List<String> keys,
            long lastRecord,
            @Nullable String contentType,
            @Nullable String contentEncoding,
            byte[] body) {}

    /**
     * Stores a batch durably unless its id is stored already, and deletes the batches that the checkpoint has passed.
     *
     * @param replaced the id of the refused batch that this batch replaces, if any
     * @return the batch stored under this id: the given one or an earlier one
     * @throws FencedException if another owner has taken over the pipeline; nothing was changed
     */
    Kept keep(Owner owner, Kept batch, Optional<String> replaced) throws SQLException {
        String pipeline = owner.pipeline();
        Name name = batch.name();
        return Transaction.on(store, transaction -> {
            forgetPassed(transaction, owner);
            if (replaced.isPresent()) {
                transaction.update(FORGET, pipeline, name.route(), replaced.get());
            }
            Optional<Kept> known = read(transaction, pipeline, name);
            if (known.isEmpty()) {
                transaction.update(
                        INSERT,
                        pipeline,
                        name.route(),
                        name.id(),
                        String.join("\n", batch.keys()),
                        batch.lastRecord(),
                        batch.contentType(),
                        batch.contentEncoding(),
                        batch.body());
            }
            return known.orElse(batch);
        });
    }

    /**
     * The batches that the checkpoint has not passed, in the order to send them again. Deletes the others.
     *
     * @throws FencedException if another owner has taken over the pipeline; nothing was changed
     */
    List<Name> unpassed(Owner owner) throws SQLException {
        return Transaction.on(store, transaction -> {
            forgetPassed(transaction, owner);
            return transaction.list(LIST, (row, i) -> new Name(row.getString(1), row.getString(2)), owner.pipeline());
        });
    }

    /** One kept batch; empty if it was deleted. */
    Optional<Kept> read(String pipeline, Name name) throws SQLException {
        return Transaction.on(store, transaction -> read(transaction, pipeline, name));
    }

    private static Optional<Kept> read(Transaction transaction, String pipeline, Name name) throws SQLException {
        return transaction.first(READ, (row, i) -> batch(name, row), pipeline, name.route(), name.id());
    }

    private static Kept batch(Name name, ResultSet row) throws SQLException {
        return new Kept(
                name,
                row.getString(1).lines().toList(),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getBytes(5));
    }

    /**
     * Deletes one batch if it is kept.
     *
     * @throws FencedException if another owner has taken over the pipeline; nothing was changed
     */
    void forget(Owner owner, Name name) throws SQLException {
        Transaction.on(store, transaction -> {
            lock(transaction, owner);
            return transaction.update(FORGET, owner.pipeline(), name.route(), name.id());
        });
    }

    private static void forgetPassed(Transaction transaction, Owner owner) throws SQLException {
        transaction.update(FORGET_PASSED, owner.pipeline(), lock(transaction, owner));
    }

    /** Locks the checkpoint and returns how many records it has passed. */
    private static long lock(Transaction transaction, Owner owner) throws SQLException {
        record Row(long epoch, long settled) {}
        return transaction
                .first(LOCK, (row, i) -> new Row(row.getLong(1), row.getLong(2)), owner.pipeline())
                .filter(row -> row.epoch() == owner.epoch())
                .orElseThrow(() -> new FencedException("pipeline " + owner.pipeline() + " is no longer owned by "
                        + owner.epoch() + ": its batches are not kept any more"))
                .settled();
    }
}
