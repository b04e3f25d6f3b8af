package dev.drover.observe;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.ledger.AuditResult;
import dev.drover.ledger.Holder;
import dev.drover.pages.Pipeline;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a pipeline in its process.
 *
 * @param state {@code running}, {@code alarmed} (the destination refuses every batch), {@code stopped},
 *     {@code finished} or {@code halted}
 * @param reason why the pipeline is alarmed or halted; null otherwise
 * @param read rows read in this run
 * @param settled rows that were delivered, filtered out or set aside
 * @param filtered settled rows that a step filtered out
 * @param rate records settled per second, over the last ten seconds
 * @param window records read and not yet passed by the checkpoint
 * @param maxInFlight the largest window
 * @param deadLetters records set aside in this run
 * @param waitsFor what delays reading, other than a full window; null if nothing does
 * @param holder what holds the checkpoint; null while nothing is in flight
 * @param audit what its last audit found, and when; null if there was none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PipelineStatus(
        String state,
        @Nullable String reason,
        long read,
        long settled,
        long filtered,
        long rate,
        long window,
        int maxInFlight,
        long deadLetters,
        @Nullable String waitsFor,
        @Nullable Holder holder,
        @Nullable String audit) {

    /** The states of a pipeline that a process owns. */
    static final List<String> STATES = List.of("running", "alarmed", "stopped", "finished", "halted");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** May be called by any thread. */
    static PipelineStatus of(Pipeline pipeline, long rate) {
        Optional<String> halted = pipeline.ledger().halted();
        Optional<String> alarmed = pipeline.ledger().faults().alarm();
        return new PipelineStatus(
                state(pipeline),
                halted.or(() -> alarmed).orElse(null),
                pipeline.tally().rows(),
                pipeline.tally().settled(),
                pipeline.tally().filtered(),
                rate,
                pipeline.ledger().window(),
                pipeline.config().maxInFlight(),
                pipeline.tally().deadLetters(),
                pipeline.keptFromReading().orElse(null),
                pipeline.ledger().holder().orElse(null),
                pipeline.ledger().faults().audit().map(PipelineStatus::audit).orElse(null));
    }

    /** What an audit found, with its time, for people. */
    public static String audit(AuditResult found) {
        return found.text() + " (audited " + PipelineReport.age(found.age()) + " ago)";
    }

    /** One of {@link #STATES}. */
    static String state(Pipeline pipeline) {
        boolean running = pipeline.state() == Pipeline.State.RUNNING;
        return running && pipeline.ledger().faults().alarm().isPresent()
                ? "alarmed"
                : pipeline.state().name().toLowerCase(Locale.ROOT);
    }

    @JsonIgnore
    boolean isRunning() {
        return state.equals("running") || state.equals("alarmed");
    }

    String toJson() {
        return JSON.valueToTree(this).toString();
    }

    /** Empty if another version wrote another format. */
    static Optional<PipelineStatus> read(String json) {
        try {
            return Optional.of(JSON.readValue(json, PipelineStatus.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
