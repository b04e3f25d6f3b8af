package dev.drover.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Holder;
import dev.drover.ledger.Tally;
import dev.drover.pages.Pipeline;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as the page shows it.
 *
 * @param name its name
 * @param state its state, in a word, and why
 * @param source the state of its source
 * @param checkpoint the key up to which every record is settled; null before the first is
 * @param holder what keeps the checkpoint where it is; null while nothing is in flight
 * @param counts what was done in this run
 * @param window rows read and not passed by the checkpoint
 * @param maxInFlight the largest window
 * @param ahead rows after the checkpoint, no more than 10,000; null if they are not counted
 * @param behindMillis how long the oldest open page has been open
 * @param pageSize how many rows a page has
 * @param batchSizes how many batches had how many records
 * @param destinations where its batches were sent to
 * @param timeline its batches in flight
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
        List<DestinationMeter.Destination> destinations,
        Timeline timeline) {

    /**
     * A state.
     *
     * @param health for the colour
     * @param word for people who do not see the colour
     * @param reason why; empty for none
     */
    record Standing(Health health, String word, String reason) {}

    /**
     * What a pipeline did in this run.
     *
     * @param pages pages read
     * @param read rows read
     * @param filtered rows that a step filtered out
     * @param delivered records accepted
     * @param deadLetters records set aside
     */
    record Counts(long pages, long read, long filtered, long delivered, long deadLetters) {}

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
                new Counts(tally.pages(), tally.rows(), tally.filtered(), tally.delivered(), tally.deadLetters()),
                pipeline.ledger().window(),
                pipeline.config().maxInFlight(),
                ahead.isPresent() ? ahead.getAsLong() : null,
                pipeline.ledger().oldestAge().toMillis(),
                pipeline.config().pageSize(),
                sizes,
                meter.of(pipeline.name()).entrySet().stream()
                        .map(each -> each.getValue().destination(each.getKey()))
                        .toList(),
                Timeline.of(pipeline));
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
                        .alarmed()
                        .map(why -> new Standing(Health.BAD, "alarmed", why))
                        .orElseGet(() -> new Standing(Health.OK, "running", ""));
        };
    }

    private static Standing source(Pipeline pipeline) {
        if (pipeline.state() != Pipeline.State.RUNNING) {
            return new Standing(pipeline.state() == Pipeline.State.HALTED ? Health.BAD : Health.IDLE, "not read", "");
        }
        if (!pipeline.ledger().holdsLease()) {
            return new Standing(Health.BAD, "not read", "its lease has ended and cannot be renewed");
        }
        return pipeline.unreadable()
                .map(why -> new Standing(Health.BAD, "not readable", why))
                .or(() -> pipeline.waitsFor().map(what -> new Standing(Health.WARNING, "waits for writers", what)))
                .orElseGet(() -> pipeline.ledger().hasRoom(pipeline.config().pageSize())
                        ? new Standing(Health.OK, "reads", "")
                        : new Standing(Health.WARNING, "waits", "the window is full"));
    }
}
