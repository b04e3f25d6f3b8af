package dev.drover.observe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.Statuses;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a pipeline from the store alone: its checkpoint, its dead letters and what its process last told.
 *
 * @param pipeline its name
 * @param checkpoint the key up to which every record is settled, for people
 * @param settledEver how many records were ever passed by the checkpoint
 * @param epoch the number of the owner that may move the checkpoint
 * @param deadLettersStored how many records of it are set aside now
 * @param toldSecondsAgo how old the rest is; null if no process ever told anything
 * @param leasedBy the process that owns it now; null if none does
 * @param owner whether the process that told it still owns the pipeline
 * @param alive whether it was running then, and that is recent enough to believe that it still is
 * @param status what the process told; null if nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PipelineReport(
        String pipeline,
        String checkpoint,
        long settledEver,
        long epoch,
        long deadLettersStored,
        @Nullable Long toldSecondsAgo,
        @Nullable String leasedBy,
        boolean owner,
        boolean alive,
        @Nullable @JsonUnwrapped PipelineStatus status) {

    private static final Duration SILENCE = StatusWriter.HEARTBEAT.multipliedBy(3);

    /** Reports on every pipeline that the store knows, in the order of their names. */
    public static List<PipelineReport> all(
            List<CheckpointEditor.Stored> checkpoints, Map<String, Statuses.Told> told, Map<String, Long> deadLetters) {
        Map<String, CheckpointEditor.Stored> stored = new TreeMap<>();
        checkpoints.forEach(checkpoint -> stored.put(checkpoint.pipeline(), checkpoint));
        TreeSet<String> names = new TreeSet<>(stored.keySet());
        names.addAll(deadLetters.keySet());
        return names.stream()
                .map(name -> of(name, stored.get(name), told.get(name), deadLetters.getOrDefault(name, 0L)))
                .toList();
    }

    private static PipelineReport of(
            String name, CheckpointEditor.@Nullable Stored stored, Statuses.@Nullable Told told, long deadLetters) {
        long epoch = stored == null ? 0 : stored.epoch();
        PipelineStatus status =
                told == null ? null : PipelineStatus.read(told.json()).orElse(null);
        return new PipelineReport(
                name,
                stored == null ? "none" : stored.text(),
                stored == null ? 0 : stored.settled(),
                epoch,
                deadLetters,
                told == null ? null : told.age().toSeconds(),
                stored == null ? null : stored.owner(),
                told != null && told.epoch() == epoch,
                told != null
                        && status != null
                        && status.isRunning()
                        && told.age().compareTo(SILENCE) < 0,
                status);
    }
}
