package dev.drover.deadletter;

import dev.drover.ledger.Reread;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The results of a replay. Thread-safe. */
public final class ReplayCounts {

    private final boolean dropGone;
    private final Map<String, Long> kept = new ConcurrentSkipListMap<>();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong filtered = new AtomicLong();
    private final AtomicLong gone = new AtomicLong();
    private final AtomicLong refusedAgain = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();

    ReplayCounts(boolean dropGone) {
        this.dropGone = dropGone;
    }

    /** Counts dead letters that are not sent, for a reason that continues a sentence that begins with "they". */
    void kept(String why, int letters) {
        kept.merge(why, (long) letters, Long::sum);
    }

    /** Counts the dead letters of a chunk, which are settled or given up. */
    void settled(ReplayChunk chunk) {
        chunk.letters().forEach(this::settled);
    }

    private void settled(ReplayChunk.Letter letter) {
        if (letter.refusedAgain) {
            refusedAgain.incrementAndGet();
        } else if (letter.row == Reread.Result.GONE) {
            gone.incrementAndGet();
        } else if (letter.row != null) {
            AtomicLong of = letter.row == Reread.Result.FILTERED ? filtered : delivered;
            (letter.removed ? of : undelivered).incrementAndGet();
        }
    }

    /** Delivered and removed. */
    public long delivered() {
        return delivered.get();
    }

    /** Filtered out by a step in their current state, and removed. */
    public long filtered() {
        return filtered.get();
    }

    /** Refused again; they stay. */
    public long refusedAgain() {
        return refusedAgain.get();
    }

    /** Their rows no longer exist; they stay unless {@link #dropsGone()}. */
    public long gone() {
        return gone.get();
    }

    /** Whether dead letters without a row are removed. */
    public boolean dropsGone() {
        return dropGone;
    }

    /** Neither delivered nor refused, because the process stopped or a clause is missing; they stay. */
    public long undelivered() {
        return undelivered.get();
    }

    /** Not sent, by reason; they stay. */
    public Map<String, Long> kept() {
        return new TreeMap<>(kept);
    }

    /** The number of finished dead letters. */
    public long settled() {
        return delivered() + filtered() + refusedAgain() + gone();
    }

    /** Whether no examined dead letter stays. */
    boolean isComplete() {
        return refusedAgain() == 0 && undelivered() == 0 && kept.isEmpty() && (dropGone || gone() == 0);
    }
}
