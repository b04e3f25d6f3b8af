package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.Lease;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The durable checkpoint of one pipeline, as its owner holds it: moves forward only, and only while no other owner has
 * taken the pipeline over. Settled by one thread at a time, renewed by one thread at a time; may be read by any.
 */
public final class Checkpoint implements Settlement {

    // 3,000 writes in 20 seconds were a tenth of the program's own work, and a quarter of the compiler's.
    private static final Duration PACE = Duration.ofMillis(50);

    // Compares the epoch, so that an earlier owner changes nothing, and the count, so that a write of our own which
    // was believed lost and arrives late changes nothing either.
    private static final String MOVE = "UPDATE drover_checkpoint SET cursor_json = ?, settled = settled + ?,"
            + " source_table = ?, source_cluster = ?, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ? AND epoch = ? AND settled = ?";

    // An owner whose lease has ended goes on if no other process has taken the pipeline meanwhile.
    private static final String RENEW =
            "UPDATE drover_checkpoint SET leased_until = $now + ? WHERE pipeline = ? AND epoch = ?";
    private static final String RELEASE =
            "UPDATE drover_checkpoint SET leased_until = NULL WHERE pipeline = ? AND epoch = ?";

    private final DataSource store;
    private final String pipeline;
    private final Duration length;
    private final Lease lease;
    private final long epoch;
    private final long run;
    private volatile State state;
    private volatile Origin origin;

    private record State(@Nullable Cursor cursor, long settled) {}

    Checkpoint(
            DataSource store,
            String pipeline,
            Duration length,
            Lease lease,
            Checkpoints.Row row,
            @Nullable Cursor cursor) {
        this.store = store;
        this.pipeline = pipeline;
        this.length = length;
        this.lease = lease;
        this.epoch = row.epoch();
        this.run = row.run();
        this.state = new State(cursor, row.settled());
        this.origin = row.origin();
    }

    /** The key up to which every record is settled; empty while none is. */
    public Optional<Cursor> cursor() {
        return Optional.ofNullable(state.cursor());
    }

    /** What it was written for, as far as that is known. */
    public Origin origin() {
        return origin;
    }

    /** From now on it is written for this; what is not known of it stays. */
    public void writtenFor(Origin next) {
        origin = next.orElse(origin);
    }

    /** How many records were ever passed, by all owners. */
    @Override
    public long settled() {
        return state.settled();
    }

    /** The number of this owner, greater than the number of every earlier owner of the pipeline. */
    @Override
    public long epoch() {
        return epoch;
    }

    /**
     * The number of this run. It is raised when the checkpoint is set or reset by hand, and is another one when the
     * checkpoint is deleted and written again. A restart or a take-over does not change it.
     */
    @Override
    public long run() {
        return run;
    }

    @Override
    public boolean inOrder() {
        return true;
    }

    @Override
    public Duration pace() {
        return PACE;
    }

    @Override
    public Lease lease() {
        return lease;
    }

    /**
     * Has the lease last for its full length again; to be called well before it ends. Waits no longer than a third of
     * it for an answer, so that a store which is cut off and comes back is asked again soon.
     *
     * @throws FencedException if another owner has taken the pipeline over; the lease is lost
     * @throws SettlementException if the store cannot be written now
     */
    public void renew() {
        Lease.Request request = lease.request();
        try {
            Store.inTransaction(store, connection -> {
                connection.setNetworkTimeout(
                        Runnable::run, (int) length.dividedBy(3).toMillis());
                return renew(connection);
            });
        } catch (SQLException e) {
            throw new SettlementException("the lease of pipeline " + pipeline + " cannot be renewed now", e);
        }
        request.granted();
    }

    private boolean renew(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, RENEW))) {
            statement.setLong(1, length.toMillis());
            statement.setString(2, pipeline);
            statement.setLong(3, epoch);
            if (statement.executeUpdate() == 1) {
                return true;
            }
        }
        throw takenOver(Checkpoints.read(connection, pipeline).orElse(null));
    }

    /**
     * Gives the pipeline back, so that another owner need not wait; this one cannot act any more. Does nothing if
     * another has taken it over.
     *
     * @throws SettlementException if the store cannot be written now; the lease then ends by itself
     */
    public void release() {
        lease.lose();
        try {
            Store.inTransaction(store, this::release);
        } catch (SQLException e) {
            throw new SettlementException("the lease of pipeline " + pipeline + " cannot be given back now", e);
        }
    }

    private boolean release(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setString(1, pipeline);
            statement.setLong(2, epoch);
            return statement.executeUpdate() == 1;
        }
    }

    private FencedException takenOver(Checkpoints.@Nullable Row row) {
        lease.lose();
        String owner = row == null ? "its checkpoint was deleted" : "owner " + row.epoch() + " has taken it over";
        return new FencedException("pipeline " + pipeline + " is no longer owned by " + epoch + ": " + owner);
    }

    /** Moves the checkpoint to the last of these pages, in one write. */
    @Override
    public void settle(List<SettledPage> pages) {
        if (pages.isEmpty()) {
            return;
        }
        long before = state.settled();
        long after = before + pages.stream().mapToLong(SettledPage::rows).sum();
        Cursor last = pages.get(pages.size() - 1).last();
        String json = CursorJson.write(last);
        try {
            Store.inTransaction(store, connection -> move(connection, json, before, after));
        } catch (SQLException e) {
            throw new SettlementException("the checkpoint of pipeline " + pipeline + " cannot be written now", e);
        }
        state = new State(last, after);
    }

    private boolean move(Connection connection, String json, long before, long after) throws SQLException {
        return update(connection, json, before, after) || arrivedBefore(connection, json, before, after);
    }

    /**
     * Nothing was updated: either we are fenced off, or an earlier write of ours had arrived although its answer was
     * lost, or the store has forgotten one that it had acknowledged, as after a fail-over. In both of these cases the
     * count stands behind ours, everything up to our cursor is settled, and no other owner has written since.
     */
    private boolean arrivedBefore(Connection connection, String json, long before, long after) throws SQLException {
        Checkpoints.Row row = Checkpoints.read(connection, pipeline).orElse(null);
        if (row == null || row.epoch() != epoch) {
            throw takenOver(row);
        }
        boolean ours =
                row.settled() == after || (row.settled() < after && update(connection, json, row.settled(), after));
        if (!ours) {
            lease.lose();
            throw new FencedException("the checkpoint of pipeline " + pipeline + " was changed by another hand: "
                    + row.settled() + " records settled, expected " + before);
        }
        return true;
    }

    private boolean update(Connection connection, String json, long from, long to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            Origin written = origin;
            statement.setString(1, json);
            statement.setLong(2, to - from);
            statement.setString(3, written.table());
            statement.setString(4, written.cluster());
            statement.setString(5, pipeline);
            statement.setLong(6, epoch);
            statement.setLong(7, from);
            return statement.executeUpdate() == 1;
        }
    }
}
