package dev.drover.observe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.drover.ledger.Holder;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.Statuses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of a pipeline as the store has it: its checkpoint, its dead letters and the last status of its process.
 *
 * @param checkpoint the key up to which every record is settled, as text
 * @param settledEver the number of records ever passed by the checkpoint
 * @param epoch the number of the owner that may move the checkpoint
 * @param deadLettersStored the number of its dead letters now
 * @param parkedStored the number of its parked records now
 * @param toldSecondsAgo the age of the status; null if there is none
 * @param leasedBy the process that owns the pipeline now; null if there is none
 * @param owner whether the process that wrote the status still owns the pipeline
 * @param alive whether the status is recent and says that the process runs
 * @param status the last status of its process; null if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PipelineReport(
        String pipeline,
        String checkpoint,
        long settledEver,
        long epoch,
        long deadLettersStored,
        long parkedStored,
        @Nullable Long toldSecondsAgo,
        @Nullable String leasedBy,
        boolean owner,
        boolean alive,
        @Nullable @JsonUnwrapped PipelineStatus status) {

    private static final Duration SILENCE = StatusWriter.HEARTBEAT.multipliedBy(3);

    /** The reports of all pipelines in the store, in the order of their names. */
    public static List<PipelineReport> all(
            List<CheckpointEditor.Stored> checkpoints,
            Map<String, Statuses.Told> told,
            Map<String, Long> deadLetters,
            Map<String, Long> parked) {
        Map<String, CheckpointEditor.Stored> stored = new TreeMap<>();
        checkpoints.forEach(checkpoint -> stored.put(checkpoint.pipeline(), checkpoint));
        TreeSet<String> names = new TreeSet<>(stored.keySet());
        names.addAll(deadLetters.keySet());
        names.addAll(parked.keySet());
        return names.stream()
                .map(name -> of(
                        name,
                        stored.get(name),
                        told.get(name),
                        deadLetters.getOrDefault(name, 0L),
                        parked.getOrDefault(name, 0L)))
                .toList();
    }

    private static PipelineReport of(
            String name,
            CheckpointEditor.@Nullable Stored stored,
            Statuses.@Nullable Told told,
            long deadLetters,
            long parked) {
        long epoch = stored == null ? 0 : stored.epoch();
        PipelineStatus status =
                told == null ? null : PipelineStatus.read(told.json()).orElse(null);
        return new PipelineReport(
                name,
                stored == null ? "none" : stored.text(),
                stored == null ? 0 : stored.settled(),
                epoch,
                deadLetters,
                parked,
                told == null ? null : told.age().toSeconds(),
                stored == null ? null : stored.owner(),
                told != null && told.epoch() == epoch,
                told != null
                        && status != null
                        && status.isRunning()
                        && told.age().compareTo(SILENCE) < 0,
                status);
    }

    /** One line with the name and the state, then aligned lines. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Text.oneLine(pipeline + ": " + state()));
        if (status != null) {
            lines.add(line(
                    "rows",
                    Text.number(status.read()) + " read, " + Text.number(status.settled()) + " settled in this run, "
                            + Text.number(status.filtered()) + " of them filtered out, " + Text.number(status.rate())
                            + " a second"));
            if (status.waitsFor() != null) {
                lines.add(line("reading", "waits for " + status.waitsFor()));
            }
            lines.add(line("window", Text.number(status.window()) + " of " + Text.number(status.maxInFlight())));
            Holder holder = status.holder();
            lines.add(line("held by", holder == null ? "nothing" : text(holder)));
            if (status.audit() != null) {
                lines.add(line("audit", status.audit()));
            }
        }
        lines.add(line("owner", leasedBy == null ? "none" : leasedBy));
        lines.add(line(
                "checkpoint", checkpoint + " (" + Text.number(settledEver) + " records settled, epoch " + epoch + ")"));
        lines.add(line("dead letters", Text.number(deadLettersStored)));
        if (parkedStored > 0) {
            lines.add(line("parked", Text.number(parkedStored)));
        }
        return lines;
    }

    private String state() {
        if (status == null || toldSecondsAgo == null) {
            return "no process has reported a status";
        }
        String state = status.state() + (status.reason() == null ? "" : ": " + status.reason());
        String ago = age(Duration.ofSeconds(toldSecondsAgo)) + " ago";
        if (!owner) {
            return state + " (" + ago + "; taken over since, or its checkpoint was changed)";
        }
        return status.isRunning() && !alive
                ? state + "? The last status of its process is from " + ago
                : state + " (" + ago + ")";
    }

    static String text(Holder holder) {
        if (holder.batch() == null) {
            return holder.reason();
        }
        String attempts = holder.attempt() == 0 ? "" : ", attempt " + Text.number(holder.attempt()) + " failed";
        return holder.key() + " in batch " + holder.batch() + attempts + ": " + holder.reason();
    }

    private static String line(String label, String text) {
        return String.format(Locale.ROOT, "  %-14s%s", label, Text.oneLine(text));
    }

    static String age(Duration age) {
        if (age.toMinutes() < 2) {
            return Math.max(0, age.toSeconds()) + " s";
        }
        if (age.toHours() < 2) {
            return age.toMinutes() + " min";
        }
        return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " days";
    }
}
