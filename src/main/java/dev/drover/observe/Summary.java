package dev.drover.observe;

import dev.drover.deadletter.ReplayCounts;
import dev.drover.ledger.Tally;
import dev.drover.pages.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** The summary of a run or a replay. */
public final class Summary {

    private Summary() {}

    /**
     * For example {@code orders: 10,030 rows, 101 pages of 100, 201 batches (200 of 50, 1 of 30)}. If the pipeline stopped
     * with unsettled rows, the line has the number of delivered rows instead of the batches.
     */
    public static List<String> of(Pipeline pipeline) {
        Tally tally = pipeline.tally();
        List<String> lines = new ArrayList<>();
        lines.add(pipeline.name() + ": " + counted(tally.rows(), "row", "rows") + pages(pipeline) + ", "
                + (unsettled(pipeline) > 0 ? progress(pipeline) : batches(tally)));
        lines.add(pipeline.name() + ": " + Text.number(tally.filtered()) + " filtered out, "
                + counted(tally.deadLetters(), "dead letter", "dead letters") + ", "
                + pipeline.checkpoint().map(cursor -> "checkpoint " + cursor).orElse("no checkpoint"));
        pipeline.allFiltered().ifPresent(where -> lines.add(pipeline.name() + ": " + where));
        pipeline.ledger().halted().ifPresent(why -> lines.add(pipeline.name() + ": halted: " + why));
        return lines;
    }

    /** For example {@code 3 dead letters delivered, 1 refused again}, and why others were not sent. */
    public static List<String> of(ReplayCounts replay) {
        List<String> lines = new ArrayList<>();
        lines.add(counted(replay.delivered(), "dead letter", "dead letters") + " delivered, "
                + Text.number(replay.refusedAgain()) + " refused again");
        if (replay.filtered() > 0) {
            lines.add(Text.number(replay.filtered()) + " filtered out by the route; they are removed");
        }
        if (replay.gone() > 0) {
            lines.add(Text.number(replay.gone()) + " gone: their rows no longer exist; they "
                    + (replay.dropsGone() ? "are removed" : "stay (--drop-gone removes them)"));
        }
        if (replay.undelivered() > 0) {
            lines.add(Text.number(replay.undelivered()) + " neither delivered nor refused; they stay");
        }
        replay.kept().forEach((why, count) -> lines.add(Text.number(count) + " stay: they " + why));
        return lines;
    }

    /** The rows that were read but not settled when the pipeline stopped or halted. */
    private static long unsettled(Pipeline pipeline) {
        return pipeline.state() == Pipeline.State.FINISHED
                ? 0
                : pipeline.tally().rows() - pipeline.tally().settled();
    }

    private static String progress(Pipeline pipeline) {
        return Text.number(pipeline.tally().delivered()) + " delivered, " + Text.number(unsettled(pipeline))
                + " not settled, which are read again";
    }

    private static String pages(Pipeline pipeline) {
        long pages = pipeline.tally().pages();
        return pages < 2
                ? ""
                : ", " + counted(pages, "page", "pages") + " of "
                        + Text.number(pipeline.config().pageSize());
    }

    private static String batches(Tally tally) {
        Map<Integer, LongAdder> bySize = tally.batchesBySize();
        long batches = bySize.values().stream().mapToLong(LongAdder::sum).sum();
        if (batches == 0) {
            return "0 batches";
        }
        String sizes = bySize.entrySet().stream()
                .sorted(Map.Entry.<Integer, LongAdder>comparingByKey().reversed())
                .map(size -> Text.number(size.getValue().sum()) + " of " + Text.number(size.getKey()))
                .collect(Collectors.joining(", "));
        return counted(batches, "batch", "batches") + " (" + sizes + ")";
    }

    private static String counted(long count, String one, String several) {
        return Text.number(count) + " " + (count == 1 ? one : several);
    }
}
