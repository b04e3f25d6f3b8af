package dev.drover.observe;

import dev.drover.deadletter.Replay;
import dev.drover.deadletter.ReplayCounts;
import dev.drover.ledger.Holder;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of long work: a bar on a terminal, or else a line every ten seconds if something changed. It
 * includes the time left if the rows can be counted in a few seconds.
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
     * @param terminal whether standard error is a terminal, which gets the bar
     * @param err gets the lines if there is no terminal
     * @param left counts the unsettled rows; below 0 if they cannot be counted; called once, by the progress thread
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

    /** Shows the progress of a replay. */
    public static Progress of(Replay replay, boolean terminal, PrintWriter err) {
        ReplayCounts counts = replay.counts();
        return start(
                "dead letters",
                counts::settled,
                () -> Text.number(counts.refusedAgain()) + " refused again"
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
            String line = task + ": " + Text.number(count.getAsLong()) + " settled, " + details.get();
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
        return Text.number(perSecond) + " a second, window "
                + Text.number(window) + ", " + Text.number(deadLetters) + " dead letters" + timeLeft
                + pipelines.stream()
                        .flatMap(pipeline -> pipeline.keptFromReading().stream())
                        .map(reason -> ", waits for " + Text.oneLine(reason))
                        .collect(Collectors.joining())
                + pipelines.stream()
                        .flatMap(pipeline -> pipeline.ledger().holder().stream())
                        .map(Progress::waiting)
                        .collect(Collectors.joining());
    }

    /** Only failures: a batch in flight is normal. */
    private static String waiting(Holder holder) {
        return holder.attempt() == 0 ? "" : ", waits for " + Text.oneLine(PipelineReport.text(holder));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        end.run();
    }

    /** The growth of a count per second, over the last ten seconds. Not thread-safe. */
    static final class Rate {

        private static final long SPAN = Duration.ofSeconds(10).toNanos();

        private final Deque<Sample> samples = new ArrayDeque<>();

        private record Sample(long nanos, long count) {}

        /**
         * Adds a sample.
         *
         * @param nanos the time of {@link System#nanoTime}
         * @param count the count; smaller than before after a restart of a pipeline
         * @return the rate, rounded
         */
        long perSecond(long nanos, long count) {
            samples.addLast(new Sample(nanos, count));
            while (samples.size() > 2 && nanos - samples.getFirst().nanos > SPAN) {
                samples.removeFirst();
            }
            Sample first = samples.getFirst();
            long elapsed = nanos - first.nanos;
            return elapsed <= 0 ? 0 : Math.max(0, Math.round((count - first.count) * 1e9 / elapsed));
        }
    }

    /** Estimates the rest of a drain from one count of the rows and the rate of settling. Not thread-safe. */
    static final class TimeLeft {

        private final LongSupplier left;
        private @Nullable Long total;

        /** @param left counts the unsettled rows; below 0 if that would take too long */
        TimeLeft(LongSupplier left) {
            this.left = left;
        }

        /** For example {@code , about 12 min left}; empty if unknown. The first call counts the rows. */
        String text(long settled, long perSecond) {
            if (total == null) {
                long counted = left.getAsLong();
                total = counted < 0 ? -1 : settled + counted;
            }
            long rows = total - settled;
            if (total < 0 || rows <= 0 || perSecond <= 0) {
                return "";
            }
            long minutes = Math.round(rows / 60.0 / perSecond);
            return minutes < 1 ? ", less than 1 min left" : ", about " + Text.number(minutes) + " min left";
        }
    }
}
