package dev.drover.kept;

import dev.drover.ledger.FencedException;
import dev.drover.store.Store;
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
 * The kept batches in the store. Each change first locks the checkpoint of the pipeline and compares its epoch. So an
 * earlier owner that still writes cannot leave a batch that the new owner has not seen. Thread-safe.
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

    /**
     * Kept batches in a store.
     *
     * @param store whose schema is up to date
     */
    KeptStore(DataSource store) {
        this.store = store;
    }

    /** The owner of a batch: a pipeline, and the epoch of the process that acts for it. */
    record Owner(String pipeline, long epoch) {}

    /** Which batch of a pipeline. */
    record Name(String route, String id) {}

    /**
     * Keeps a batch durably, unless it is kept already, and forgets those that the checkpoint has passed.
     *
     * @param replaced the id of the batch that was refused and is replaced by this one; empty if none was
     * @return the batch that is kept under its id: this one, or the one from before
     * @throws FencedException if another owner has taken the pipeline over; nothing was changed
     */
    KeptBatch keep(Owner owner, KeptBatch batch, Optional<String> replaced) throws SQLException {
        Name name = new Name(batch.head().route(), batch.head().id());
        return Store.inTransaction(store, connection -> {
            forgetPassed(connection, owner);
            if (replaced.isPresent()) {
                run(connection, FORGET, owner.pipeline(), name.route(), replaced.get());
            }
            Optional<KeptBatch> known = read(connection, owner.pipeline(), name);
            if (known.isEmpty()) {
                insert(connection, owner.pipeline(), batch);
            }
            return known.orElse(batch);
        });
    }

    /**
     * The batches that the checkpoint has not passed, in the order in which they are to be sent again; forgets the others.
     *
     * @throws FencedException if another owner has taken the pipeline over; nothing was changed
     */
    List<Name> unpassed(Owner owner) throws SQLException {
        return Store.inTransaction(store, connection -> {
            forgetPassed(connection, owner);
            return names(connection, owner.pipeline());
        });
    }

    /** One of the kept batches; empty if it is not kept any more. */
    Optional<KeptBatch> read(String pipeline, Name name) throws SQLException {
        return Store.inTransaction(store, connection -> read(connection, pipeline, name));
    }

    /**
     * Forgets one batch; does nothing if it is not kept.
     *
     * @throws FencedException if another owner has taken the pipeline over; nothing was changed
     */
    void forget(Owner owner, Name name) throws SQLException {
        boolean unused = Store.inTransaction(store, connection -> {
            long settled = lock(connection, owner);
            run(connection, FORGET, owner.pipeline(), name.route(), name.id());
            return settled > 0;
        });
    }

    private static void forgetPassed(Connection connection, Owner owner) throws SQLException {
        run(connection, FORGET_PASSED, owner.pipeline(), lock(connection, owner));
    }

    private static long lock(Connection connection, Owner owner) throws SQLException {
        try (PreparedStatement statement = prepared(connection, LOCK, owner.pipeline());
                ResultSet rows = statement.executeQuery()) {
            if (rows.next() && rows.getLong(1) == owner.epoch()) {
                return rows.getLong(2);
            }
        }
        throw new FencedException("pipeline " + owner.pipeline() + " is no longer owned by " + owner.epoch()
                + ": its batches are not kept any more");
    }

    private static List<Name> names(Connection connection, String pipeline) throws SQLException {
        List<Name> names = new ArrayList<>();
        try (PreparedStatement statement = prepared(connection, LIST, pipeline);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                names.add(new Name(rows.getString(1), rows.getString(2)));
            }
        }
        return names;
    }

    private static Optional<KeptBatch> read(Connection connection, String pipeline, Name name) throws SQLException {
        try (PreparedStatement statement = prepared(connection, READ, pipeline, name.route(), name.id());
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            KeptBatch.Head head = new KeptBatch.Head(
                    name.route(),
                    name.id(),
                    rows.getString(1).lines().toList(),
                    rows.getLong(2),
                    rows.getString(3),
                    rows.getString(4));
            return Optional.of(new KeptBatch(head, rows.getBytes(5)));
        }
    }

    private static void insert(Connection connection, String pipeline, KeptBatch batch) throws SQLException {
        KeptBatch.Head head = batch.head();
        run(
                connection,
                INSERT,
                pipeline,
                head.route(),
                head.id(),
                String.join("\n", head.keys()),
                head.lastRecord(),
                head.contentType(),
                head.contentEncoding(),
                batch.body());
    }

    private static void run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            int unused = statement.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
        return statement;
    }
}
