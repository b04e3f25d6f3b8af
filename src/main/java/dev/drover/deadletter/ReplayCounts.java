package dev.drover.deadletter;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many dead letters a replay has sent, and what became of them. Thread-safe. */
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

    /** So many are not sent, for what they do: a sentence that begins with "they". */
    void kept(String why, int letters) {
        kept.merge(why, (long) letters, Long::sum);
    }

    /** These are settled, or given up. */
    void settled(ReplayChunk chunk) {
        chunk.letters().forEach(this::settled);
    }

    private void settled(ReplayChunk.Letter letter) {
        if (letter.refusedAgain) {
            refusedAgain.incrementAndGet();
        } else if (letter.row == ReplayChunk.Row.GONE) {
            gone.incrementAndGet();
        } else if (letter.row != ReplayChunk.Row.UNREADABLE) {
            AtomicLong of = letter.row == ReplayChunk.Row.FILTERED ? filtered : delivered;
            (letter.removed ? of : undelivered).incrementAndGet();
        }
    }

    /** Delivered and removed. */
    public long delivered() {
        return delivered.get();
    }

    /** Their rows were filtered out by a step, as they are now; removed. */
    public long filtered() {
        return filtered.get();
    }

    /** Refused again; they stay. */
    public long refusedAgain() {
        return refusedAgain.get();
    }

    /** Their rows are not there any more; they stay unless {@link #dropsGone()}. */
    public long gone() {
        return gone.get();
    }

    /** Whether those whose rows are gone are removed. */
    public boolean dropsGone() {
        return dropGone;
    }

    /** Neither delivered nor refused, because the process was stopped or a clause is missing; they stay. */
    public long undelivered() {
        return undelivered.get();
    }

    /** Not sent, by the reason; they stay. */
    public Map<String, Long> kept() {
        return new TreeMap<>(kept);
    }

    /** How many are done with. */
    public long settled() {
        return delivered() + filtered() + refusedAgain() + gone();
    }

    /** Whether none of those that were looked at stays. */
    boolean isComplete() {
        return refusedAgain() == 0 && undelivered() == 0 && kept.isEmpty() && (dropGone || gone() == 0);
    }
}
