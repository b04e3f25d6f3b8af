package dev.drover.observe;

import dev.drover.ledger.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people: one line with the name and the state, then aligned lines. */
public final class StatusText {

    private StatusText() {}

    /** The lines of one pipeline. */
    public static List<String> of(PipelineReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(OneLine.of(report.pipeline() + ": " + state(report)));
        PipelineStatus status = report.status();
        if (status != null) {
            lines.add(line(
                    "rows",
                    number(status.read()) + " read, " + number(status.settled()) + " settled in this run, "
                            + number(status.filtered()) + " of them filtered out, " + number(status.rate())
                            + " a second"));
            if (status.waitsFor() != null) {
                lines.add(line("reading", "waits for " + status.waitsFor()));
            }
            lines.add(line("window", number(status.window()) + " of " + number(status.maxInFlight())));
            Holder holder = status.holder();
            lines.add(line("held by", holder == null ? "nothing" : text(holder)));
        }
        lines.add(line("owner", report.leasedBy() == null ? "none" : report.leasedBy()));
        lines.add(line(
                "checkpoint",
                report.checkpoint() + " (" + number(report.settledEver()) + " records settled, epoch " + report.epoch()
                        + ")"));
        lines.add(line("dead letters", number(report.deadLettersStored())));
        return lines;
    }

    private static String state(PipelineReport report) {
        PipelineStatus status = report.status();
        Long seconds = report.toldSecondsAgo();
        if (status == null || seconds == null) {
            return "nothing is known of a process that runs it";
        }
        String state = status.state() + (status.reason() == null ? "" : ": " + status.reason());
        String ago = age(Duration.ofSeconds(seconds)) + " ago";
        if (!report.owner()) {
            return state + " (" + ago + "; taken over since, or its checkpoint was changed)";
        }
        return status.isRunning() && !report.alive()
                ? state + "? Nothing was heard of its process since " + ago
                : state + " (" + ago + ")";
    }

    static String text(Holder holder) {
        if (holder.batch() == null) {
            return holder.reason();
        }
        String attempts = holder.attempt() == 0 ? "" : ", attempt " + number(holder.attempt()) + " failed";
        return holder.key() + " in batch " + holder.batch() + attempts + ": " + holder.reason();
    }

    private static String line(String label, String text) {
        return String.format(Locale.ROOT, "  %-14s%s", label, OneLine.of(text));
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

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
