package dev.drover.store;

import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.Lease;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import dev.drover.ledger.Traced;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The durable checkpoint of one pipeline in the hands of its owner. It moves forward only, and only while no other owner
 * has taken the pipeline over. One thread at a time settles, one thread at a time renews; any thread may read.
 */
public final class Checkpoint implements Settlement {

    // 3,000 writes in 20 seconds took a tenth of the program's own time, and a quarter of the compiler's.
    private static final Duration PACE = Duration.ofMillis(50);

    // Compares the epoch, so that an earlier owner changes nothing. Compares the count, so that a write of this owner
    // which was believed lost and arrives late changes nothing either.
    private static final String MOVE =
            "UPDATE drover_checkpoint SET cursor_json = ?, settled = settled + ?, dead_lettered = dead_lettered + ?,"
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
    private final Segments segments = new Segments();
    private volatile @Nullable Cursor beginning;
    private volatile State state;
    private volatile Origin origin;

    private record State(@Nullable Cursor cursor, long settled) {}

    /**
     * What a checkpoint was written for: its key means nothing elsewhere.
     *
     * @param table the table that has the key; null if it is not known
     * @param cluster the identity of the database cluster, stored if the key holds numbers of its transactions; null
     *     otherwise, and if the database does not give it
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

    /** The key up to which every record is settled; empty while none is. */
    public Optional<Cursor> cursor() {
        return Optional.ofNullable(state.cursor());
    }

    /** What it was written for, as far as that is known. */
    public Origin origin() {
        return origin;
    }

    /** Sets what it is written for from now on; a part of the origin that is null stays as it was. */
    public void writtenFor(Origin next) {
        origin = next.orElse(origin);
    }

    /** Where reading begins while there is no cursor: after this key; null for the first row, as it is without this call. */
    public void beginsAfter(@Nullable Cursor key) {
        beginning = key;
    }

    /** A receipt is of so many rows from now on; of 10,000 without this call. */
    public void segmentsOf(int rows) {
        segments.most(rows);
    }

    /** The number of records that all owners have passed so far. */
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
     * The number of this run. It grows when the checkpoint is set or reset by hand, and is another one when the checkpoint
     * is deleted and written again. A restart or a takeover does not change it.
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
     * Extends the lease to its full length; call it well before the lease ends. It waits for an answer for a third of that
     * length at most, so that a store which was cut off and is back is asked again soon.
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
     * Gives the pipeline back, so that the next owner need not wait; this one can do no more. Does nothing if another owner
     * has taken the pipeline over.
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
        Move move = new Move(before.settled(), pages);
        Transaction.on(store, "the checkpoint of pipeline " + pipeline + " cannot be written now", transaction -> {
            long known =
                    move(transaction, move, before.settled()) ? before.settled() : arrivedBefore(transaction, move);
            receipts.write(transaction, pipeline);
            Traces.write(transaction, pipeline, move.traceAfter(known));
            return move;
        });
        segments.done(receipts);
        state = new State(move.last(), move.after());
    }

    /** The checkpoint from where it was to the last of some pages. */
    private record Move(long before, List<SettledPage> pages) {

        Cursor last() {
            return pages.get(pages.size() - 1).last();
        }

        long after() {
            return before + pages.stream().mapToLong(SettledPage::rows).sum();
        }

        /** What became of rows, of those pages that come after the first so many rows that the pipeline has settled. */
        List<Traced> traceAfter(long settled) {
            List<Traced> trace = new ArrayList<>();
            long place = before;
            for (SettledPage page : pages) {
                if (place >= settled) {
                    trace.addAll(page.trace());
                }
                place += page.rows();
            }
            return trace;
        }

        /** How many rows became dead letters, of those after the first so many that the pipeline has settled. */
        long deadLettered(long settled) {
            long place = before;
            long deadLettered = 0;
            for (SettledPage page : pages) {
                deadLettered += place >= settled ? page.fates().deadLettered() : 0;
                place += page.rows();
            }
            return deadLettered;
        }
    }

    private boolean move(Transaction transaction, Move move, long from) throws SQLException {
        Origin written = origin;
        return transaction.update(
                        MOVE,
                        CursorJson.write(move.last()),
                        move.after() - from,
                        move.deadLettered(from),
                        written.table(),
                        written.cluster(),
                        pipeline,
                        epoch,
                        from)
                == 1;
    }

    /**
     * Nothing was changed. Either this owner is fenced off; or an earlier write of it had arrived although the answer was
     * lost; or the store has forgotten a write that it had acknowledged, as after a failover. In the last two cases the
     * count in the store is at most this owner's, everything up to its cursor is settled, and no other owner has written.
     *
     * @return how many rows were settled in the store before this
     */
    private long arrivedBefore(Transaction transaction, Move move) throws SQLException {
        Checkpoints.Row row = Checkpoints.read(transaction, pipeline).orElse(null);
        if (row == null || row.epoch() != epoch) {
            throw takenOver(row);
        }
        if (row.settled() == move.after() || (row.settled() < move.after() && move(transaction, move, row.settled()))) {
            return row.settled();
        }
        lease.lose();
        throw new FencedException("the checkpoint of pipeline " + pipeline + " was changed by another hand: "
                + row.settled() + " records settled, expected " + move.before());
    }
}
