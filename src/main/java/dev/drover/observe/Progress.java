package dev.drover.observe;

import dev.drover.deadletter.Replay;
import dev.drover.deadletter.ReplayCounts;
import dev.drover.ledger.Holder;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * The progress of long work: a bar on a terminal, elsewhere a line every ten seconds in which something changed. It
 * has the time left if the rows can be counted in a few seconds.
 */
public final class Progress implements AutoCloseable {

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "progress");
        made.setDaemon(true);
        return made;
    });
    private final Runnable end;

    private Progress(Runnable tick, long everyMillis, Runnable end) {
        this.end = end;
        ScheduledFuture<?> unused = thread.scheduleAtFixedRate(tick, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Shows the progress of the pipelines until it is closed.
     *
     * @param terminal whether the output is a terminal; the bar goes to standard error
     * @param err gets the lines otherwise
     * @param left counts the rows that are not settled; below 0 if they cannot be counted; called once, by the thread
     *     that shows the progress
     */
    public static Progress of(PagesComponent pages, boolean terminal, PrintWriter err, LongSupplier left) {
        String names = pages.pipelines().stream().map(Pipeline::name).collect(Collectors.joining(", "));
        Rate rate = new Rate();
        LongSupplier settled = () -> pages.pipelines().stream()
                .mapToLong(pipeline -> pipeline.tally().settled())
                .sum();
        long unused = rate.perSecond(System.nanoTime(), settled.getAsLong());
        TimeLeft timeLeft = new TimeLeft(left);
        Supplier<String> details = () -> {
            long now = settled.getAsLong();
            long perSecond = rate.perSecond(System.nanoTime(), now);
            return details(pages.pipelines(), perSecond, timeLeft.text(now, perSecond));
        };
        return start(names, settled, details, terminal, err);
    }

    /** Shows nothing. */
    public static Progress none() {
        return new Progress(() -> {}, 3_600_000, () -> {});
    }

    /** Shows the progress of a replay in the same way. */
    public static Progress of(Replay replay, boolean terminal, PrintWriter err) {
        ReplayCounts counts = replay.counts();
        return start(
                "dead letters",
                counts::settled,
                () -> StatusText.number(counts.refusedAgain()) + " refused again"
                        + replay.holder().map(Progress::waiting).orElse(""),
                terminal,
                err);
    }

    private static Progress start(
            String task, LongSupplier count, Supplier<String> details, boolean terminal, PrintWriter err) {
        return terminal ? bar(task, count, details) : lines(task, count, details, err);
    }

    private static Progress bar(String task, LongSupplier count, Supplier<String> details) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(-1)
                .setUpdateIntervalMillis(500)
                .build();
        Runnable tick = () -> {
            bar.setExtraMessage(details.get());
            bar.stepTo(count.getAsLong());
        };
        return new Progress(tick, 500, () -> {
            tick.run();
            bar.close();
        });
    }

    private static Progress lines(String task, LongSupplier count, Supplier<String> details, PrintWriter err) {
        String[] before = {""};
        Runnable tick = () -> {
            String line = task + ": " + StatusText.number(count.getAsLong()) + " settled, " + details.get();
            if (!line.equals(before[0])) {
                err.println(line);
                err.flush();
                before[0] = line;
            }
        };
        return new Progress(tick, 10_000, () -> {});
    }

    private static String details(Collection<Pipeline> pipelines, long perSecond, String timeLeft) {
        long window = pipelines.stream()
                .mapToLong(pipeline -> pipeline.ledger().window())
                .sum();
        long deadLetters = pipelines.stream()
                .mapToLong(pipeline -> pipeline.tally().deadLetters())
                .sum();
        return StatusText.number(perSecond) + " a second, window "
                + StatusText.number(window) + ", " + StatusText.number(deadLetters) + " dead letters" + timeLeft
                + pipelines.stream()
                        .flatMap(pipeline -> pipeline.keptFromReading().stream())
                        .map(reason -> ", waits for " + OneLine.of(reason))
                        .collect(Collectors.joining())
                + pipelines.stream()
                        .flatMap(pipeline -> pipeline.ledger().holder().stream())
                        .map(Progress::waiting)
                        .collect(Collectors.joining());
    }

    /** Only failures: a batch on its way is no news. */
    private static String waiting(Holder holder) {
        return holder.attempt() == 0 ? "" : ", waits for " + OneLine.of(StatusText.text(holder));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        end.run();
    }
}
