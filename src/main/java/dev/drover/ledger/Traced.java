package dev.drover.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of rows of a page, kept until the page is settled. It has no value of a row except its key.
 *
 * @param keys of the rows
 * @param outcome what became of them
 * @param sent how they were sent last; null if they were not
 * @param read when their page was read, in microseconds since 1970
 * @param at when it happened, in microseconds since 1970
 */
public record Traced(List<Cursor> keys, Outcome outcome, @Nullable Sent sent, long read, long at) {

    /** What may become of a row. */
    public enum Outcome {
        /** A step filtered it out. */
        FILTERED,
        /** A destination has accepted it. */
        DELIVERED,
        /** Its batch was refused, and divided. */
        SPLIT,
        /** It became a dead letter. */
        DEAD_LETTERED,
        /** It was parked, because its address does not accept. */
        PARKED,
        /** A batch of an earlier process was not accepted when it was sent again; its rows are read again. */
        LEFT,
        /** A replay has delivered it, or has filtered it out. */
        REPLAYED,
        /** A replay was refused, and its dead letter stays. */
        REFUSED;

        /** What it is in a replay. */
        private Outcome replayed() {
            return switch (this) {
                case DELIVERED, FILTERED -> REPLAYED;
                case DEAD_LETTERED -> REFUSED;
                default -> this;
            };
        }
    }

    /**
     * A request, as far as it was answered.
     *
     * @param batch its {@code Idempotency-Key}; null for a record without a batch
     * @param destination scheme, host and port
     * @param attempts how often it was sent
     * @param status of the last answer; 0 if there was none
     * @param receipt of the receiver; null if the answer has none
     */
    public record Sent(@Nullable String batch, String destination, int attempts, int status, @Nullable String receipt) {

        /** This, sent once more after {@code before}, if that was the same batch. */
        public Sent after(@Nullable Sent before) {
            return before == null || batch == null || !batch.equals(before.batch)
                    ? this
                    : new Sent(batch, destination, before.attempts + 1, status, receipt);
        }

        /** The same with the status that the answer gives one record. */
        public Sent with(int ofRecord) {
            return new Sent(batch, destination, attempts, ofRecord == 0 ? status : ofRecord, receipt);
        }
    }

    static Traced now(Collection<Cursor> keys, Outcome outcome, @Nullable Sent sent, long read) {
        return new Traced(List.copyOf(keys), outcome, sent, read, micros());
    }

    static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** The same in a replay, of the rows with these keys. */
    public Traced replayed(List<Cursor> rows) {
        return new Traced(rows, outcome.replayed(), sent, read, at);
    }
}
