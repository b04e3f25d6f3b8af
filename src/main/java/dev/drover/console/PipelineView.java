package dev.drover.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.drover.batch.Batch;
import dev.drover.ledger.AuditResult;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.FailedAttempt;
import dev.drover.ledger.Holder;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.Tally;
import dev.drover.observe.PipelineStatus;
import dev.drover.pages.Pipeline;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as the page shows it.
 *
 * @param checkpoint the key up to which every record is settled; null at the beginning
 * @param holder what holds the checkpoint; null while nothing is in flight
 * @param counts the counts of this run
 * @param window rows read and not yet passed by the checkpoint
 * @param maxInFlight the largest window
 * @param ahead rows after the checkpoint, at most 10,000; null if they are not counted
 * @param behindMillis the age of the oldest open page
 * @param batchSizes the number of batches by their size
 * @param destinations the destinations of its batches
 * @param timeline its batches in flight
 * @param audit what its last audit found, and when; null if there was none
 * @param segments the keys of that audit, part by part
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PipelineView(
        String name,
        Standing state,
        Standing source,
        @Nullable String checkpoint,
        @Nullable Holder holder,
        Counts counts,
        long window,
        int maxInFlight,
        @Nullable Long ahead,
        long behindMillis,
        int pageSize,
        Map<Integer, Long> batchSizes,
        List<Meter.Destination> destinations,
        Timeline timeline,
        @Nullable String audit,
        List<AuditResult.Part> segments) {

    /** The condition of a part of a pipeline. */
    enum Health {
        /** It works. */
        OK,
        /** It rests, on purpose or because there is nothing to do. */
        IDLE,
        /** It works, but needs attention. */
        WARNING,
        /** It does not work. */
        BAD;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A state.
     *
     * @param health the colour
     * @param word the state in a word, for people who do not see the colour
     * @param reason the reason; may be empty
     */
    record Standing(Health health, String word, String reason) {}

    /** The pages and rows read, the rows filtered out, and the records accepted and set aside in this run, and those parked now. */
    record Counts(long pages, long read, long filtered, long delivered, long deadLetters, long parked) {}

    static PipelineView of(Pipeline pipeline, Meter meter, OptionalLong ahead) {
        Tally tally = pipeline.tally();
        Map<Integer, Long> sizes = new TreeMap<>();
        tally.batchesBySize().forEach((size, count) -> sizes.put(size, count.sum()));
        return new PipelineView(
                pipeline.name(),
                state(pipeline),
                source(pipeline),
                pipeline.checkpoint().map(Cursor::toString).orElse(null),
                pipeline.ledger().holder().orElse(null),
                new Counts(
                        tally.pages(),
                        tally.rows(),
                        tally.filtered(),
                        tally.delivered(),
                        tally.deadLetters(),
                        tally.parked()),
                pipeline.ledger().window(),
                pipeline.config().maxInFlight(),
                ahead.isPresent() ? ahead.getAsLong() : null,
                pipeline.ledger().oldestAge().toMillis(),
                pipeline.config().pageSize(),
                sizes,
                meter.of(pipeline.name()).entrySet().stream()
                        .map(each -> each.getValue().destination(each.getKey()))
                        .toList(),
                Timeline.of(pipeline),
                pipeline.ledger().faults().audit().map(PipelineStatus::audit).orElse(null),
                pipeline.ledger().faults().audit().map(AuditResult::parts).orElse(List.of()));
    }

    private static Standing state(Pipeline pipeline) {
        boolean ended = pipeline.ledger().deliveries().isEmpty();
        return switch (pipeline.state()) {
            case HALTED ->
                new Standing(Health.BAD, "halted", pipeline.ledger().halted().orElse(""));
            case PAUSED -> new Standing(Health.IDLE, "paused", "");
            case STOPPED -> new Standing(Health.IDLE, ended ? "stopped" : "stopping", "");
            case FINISHED -> new Standing(Health.IDLE, "finished", "");
            case RUNNING ->
                pipeline.ledger()
                        .faults()
                        .alarm()
                        .map(why -> new Standing(Health.BAD, "alarmed", why))
                        .orElseGet(() -> new Standing(Health.OK, "running", ""));
        };
    }

    private static Standing source(Pipeline pipeline) {
        if (pipeline.state() != Pipeline.State.RUNNING) {
            return new Standing(pipeline.state() == Pipeline.State.HALTED ? Health.BAD : Health.IDLE, "not read", "");
        }
        if (!pipeline.ledger().settlement().lease().isHeld()) {
            return new Standing(Health.BAD, "not read", "its lease has ended and cannot be renewed");
        }
        return pipeline.reading()
                .unreadable()
                .map(why -> new Standing(Health.BAD, "not readable", why))
                .or(() -> pipeline.reading().waitsFor().map(what -> new Standing(Health.WARNING, "waits", what)))
                .orElseGet(() -> pipeline.ledger().hasRoom(pipeline.config().pageSize())
                        ? new Standing(Health.OK, "reads", "")
                        : new Standing(Health.WARNING, "waits", "the window is full"));
    }

    /**
     * The batches in flight over the keys, in the order of the source.
     *
     * @param from the position up to which every record is settled
     * @param to the position of the last record that is read or requested
     * @param bars the batches; the first one holds the checkpoint
     * @param more the number of batches left out
     */
    record Timeline(long from, long to, List<Bar> bars, int more) {

        private static final int MOST = 100;

        /**
         * A batch in flight.
         *
         * @param from the position of its first record
         * @param to the position of its last record
         * @param firstKey the key of its first record
         * @param lastKey the key of its last record
         * @param records the number of its records
         * @param unsettled the number of its unsettled records
         * @param attempt the number of failed attempts
         * @param reason the reason of the last failure; null if there is none
         * @param holds whether it holds the checkpoint
         */
        record Bar(
                String id,
                long from,
                long to,
                String firstKey,
                String lastKey,
                int records,
                int unsettled,
                int attempt,
                @Nullable String reason,
                boolean holds) {}

        static Timeline of(Pipeline pipeline) {
            List<Batch> batches = pipeline.ledger().deliveries().all().stream()
                    .filter(Batch.class::isInstance)
                    .map(Batch.class::cast)
                    .filter(batch -> !batch.isParked() && batch.firstUnsettledPlace() > 0)
                    .sorted(Comparator.comparingLong(Batch::firstUnsettledPlace))
                    .toList();
            // claimed rows and records of a topic have no checkpoint: the bars begin with the first unsettled record
            Settlement settlement = pipeline.ledger().settlement();
            long from = settlement.inOrder() && !settlement.isByReader()
                    ? settlement.settled()
                    : batches.stream().mapToLong(Batch::firstPlace).min().orElse(1) - 1;
            long to = Math.max(
                    from + pipeline.ledger().window(),
                    batches.stream().mapToLong(Batch::lastPlace).max().orElse(0));
            String first = batches.isEmpty() ? "" : batches.get(0).getId();
            List<Bar> bars = batches.stream()
                    .limit(MOST)
                    .map(batch -> bar(batch, batch.getId().equals(first)))
                    .toList();
            return new Timeline(from, to, bars, batches.size() - bars.size());
        }

        private static Bar bar(Batch batch, boolean first) {
            Optional<FailedAttempt> failed = batch.lastFailure();
            return new Bar(
                    batch.getId(),
                    batch.firstPlace(),
                    batch.lastPlace(),
                    batch.items().get(0).key().toString(),
                    batch.items().get(batch.getSize() - 1).key().toString(),
                    batch.getSize(),
                    batch.unsettled(),
                    failed.map(FailedAttempt::number).orElse(0),
                    failed.map(FailedAttempt::reason).orElse(null),
                    first);
        }
    }
}
