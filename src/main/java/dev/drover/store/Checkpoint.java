package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.Lease;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Traced;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The durable checkpoint of a pipeline, held by its owner. It only moves forward, and only while no other owner has taken
 * the pipeline over. One thread at a time may settle and one thread at a time may renew; any thread may read.
 */
public final class Checkpoint implements Settlement {

    // Without it, 3,000 writes in 20 seconds took a tenth of the program's own time, and a quarter of the compiler's.
    private static final Duration PACE = Duration.ofMillis(50);

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
    private final Segments segments = new Segments();
    private volatile @Nullable Cursor beginning;
    private volatile State state;
    private volatile Origin origin;

    private record State(@Nullable Cursor cursor, long settled) {}

    /**
     * The source that a checkpoint belongs to. Its key has no meaning in another source.
     *
     * @param table the table with the key; null if unknown
     * @param cluster the identity of the database cluster, if the key contains transaction ids of that cluster; otherwise
     *     null, and null if the database does not tell it
     */
    public record Origin(@Nullable String table, @Nullable String cluster) {

        /** The origin of a checkpoint that was set by hand, or written before origins were stored. */
        public static final Origin UNKNOWN = new Origin(null, null);

        private Origin orElse(Origin other) {
            return new Origin(table == null ? other.table : table, cluster == null ? other.cluster : cluster);
        }
    }

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

    /** The key up to which every record is settled; empty before the first record is settled. */
    public Optional<Cursor> cursor() {
        return Optional.ofNullable(state.cursor());
    }

    /** The source that the checkpoint belongs to, as far as it is known. */
    public Origin origin() {
        return origin;
    }

    /** Sets the source for future writes. A part that is null does not change. */
    public void writtenFor(Origin next) {
        origin = next.orElse(origin);
    }

    /** Sets the key after which reading begins without a cursor; null, the default, for the first row. */
    public void beginsAfter(@Nullable Cursor key) {
        beginning = key;
    }

    /** A receipt is of so many rows from now on; of 10,000 without this call. With 0 there are no receipts. */
    public void segmentsOf(int rows) {
        segments.most(rows);
    }

    /** The number of records that all owners have settled. */
    @Override
    public long settled() {
        return state.settled();
    }

    /** The number of this owner, which is greater than that of every earlier owner. */
    @Override
    public long epoch() {
        return epoch;
    }

    /**
     * The number of this run. It grows when the checkpoint is set or reset by hand, and differs after the checkpoint was
     * deleted and written again. A restart or a takeover does not change it.
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
     * Renews the lease for its full length. Call it well before the lease ends. It waits at most a third of that length for
     * an answer, so that it is soon repeated after a broken connection to the store.
     *
     * @throws FencedException if another owner has taken the pipeline over; the lease is lost
     * @throws SettlementException if the store cannot be written now
     */
    public void renew() {
        Lease.Request request = lease.request();

        Transaction.on(store, "the lease of pipeline " + pipeline + " cannot be renewed now", transaction -> {
            transaction.connection().setNetworkTimeout(Runnable::run, (int)
                    length.dividedBy(3).toMillis());
            if (transaction.update(RENEW, length.toMillis(), pipeline, epoch) == 1) {
                return true;
            }
            throw takenOver(Checkpoints.read(transaction, pipeline).orElse(null));
        });
        request.granted();
    }

    /**
     * Gives the pipeline back, so that the next owner need not wait. This owner cannot use it any more. Does nothing if
     * another owner has taken the pipeline over.
     *
     * @throws SettlementException if the store cannot be written now; the lease then ends by itself
     */
    public void release() {
        lease.lose();
        Transaction.on(
                store,
                "the lease of pipeline " + pipeline + " cannot be given back now",
                transaction -> transaction.update(RELEASE, pipeline, epoch));
    }

    private FencedException takenOver(Checkpoints.@Nullable Row row) {
        lease.lose();
        String owner = row == null ? "its checkpoint was deleted" : "owner " + row.epoch() + " has taken it over";
        return new FencedException("pipeline " + pipeline + " is no longer owned by " + epoch + ": " + owner);
    }

    @Override
    public void trace(List<Traced> rows) {
        new Traces(store).write(pipeline, rows);
    }

    /** Moves the checkpoint to the last of these pages, in one write with the receipts and traces of what it passes. */
    @Override
    public void settle(List<SettledPage> pages) {
        if (pages.isEmpty()) {
            return;
        }
        State before = state;
        Cursor from = before.cursor();
        Segments.Change receipts = segments.with(from == null ? beginning : from, before.settled(), pages);
        CheckpointMove move = new CheckpointMove(pipeline, epoch, origin, before.settled(), pages);
        Transaction.on(store, "the checkpoint of pipeline " + pipeline + " cannot be written now", transaction -> {
            long known =
                    move.write(transaction, before.settled()) ? before.settled() : arrivedBefore(transaction, move);
            receipts.write(transaction, pipeline);
            Traces.write(transaction, pipeline, move.traceAfter(known));
            return move;
        });
        segments.done(receipts);
        state = new State(move.last(), move.after());
    }

    /**
     * Handles a write that changed nothing. Either this owner is fenced off, or an earlier write has arrived although its
     * answer was lost, or the store has forgotten a write that it had acknowledged, for instance in a failover. In the last
     * two cases the count in the store is not above this owner's count, everything up to its cursor is settled, and no
     * other owner has written.
     *
     * @return the number of rows that were settled in the store before this write
     */
    private long arrivedBefore(Transaction transaction, CheckpointMove move) throws SQLException {
        Checkpoints.Row row = Checkpoints.read(transaction, pipeline).orElse(null);
        if (row == null || row.epoch() != epoch) {
            throw takenOver(row);
        }
        if (row.settled() == move.after() || (row.settled() < move.after() && move.write(transaction, row.settled()))) {
            return row.settled();
        }
        lease.lose();
        throw new FencedException("the checkpoint of pipeline " + pipeline + " was changed by another hand: "
                + row.settled() + " records settled, expected " + move.before());
    }
}
