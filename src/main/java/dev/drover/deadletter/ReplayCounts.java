package dev.drover.deadletter;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** The results of a replay. Thread-safe. */
public final class ReplayCounts {

    private enum Result {
        DELIVERED,
        FILTERED,
        REFUSED_AGAIN,
        GONE,
        UNDELIVERED
    }

    private final boolean dropGone;
    private final Map<String, Long> kept = new ConcurrentSkipListMap<>();
    private final AtomicLongArray counts = new AtomicLongArray(Result.values().length);

    ReplayCounts(boolean dropGone) {
        this.dropGone = dropGone;
    }

    /** Counts dead letters that are not sent, for a reason that continues a sentence that begins with "they". */
    void kept(String why, int letters) {
        kept.merge(why, (long) letters, Long::sum);
    }

    /** Counts the dead letters of a chunk, which are settled or given up. */
    void settled(ReplayChunk chunk) {
        for (ReplayChunk.Letter letter : chunk.letters()) {
            if (letter.refusedAgain) {
                add(Result.REFUSED_AGAIN);
            } else if (letter.row == ReplayChunk.Row.GONE) {
                add(Result.GONE);
            } else if (letter.row != ReplayChunk.Row.UNREADABLE) {
                Result removed = letter.row == ReplayChunk.Row.FILTERED ? Result.FILTERED : Result.DELIVERED;
                add(letter.removed ? removed : Result.UNDELIVERED);
            }
        }
    }

    private void add(Result result) {
        counts.incrementAndGet(result.ordinal());
    }

    private long of(Result result) {
        return counts.get(result.ordinal());
    }

    public long delivered() {
        return of(Result.DELIVERED);
    }

    /** Filtered out by a step in their current state, and removed. */
    public long filtered() {
        return of(Result.FILTERED);
    }

    public long refusedAgain() {
        return of(Result.REFUSED_AGAIN);
    }

    /** Their rows no longer exist; they stay unless {@link #dropsGone()}. */
    public long gone() {
        return of(Result.GONE);
    }

    public boolean dropsGone() {
        return dropGone;
    }

    /** Neither delivered nor refused, because the process stopped or a clause is missing; they stay. */
    public long undelivered() {
        return of(Result.UNDELIVERED);
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
