package dev.drover.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes tables into a page, each between its two markers, and leaves everything else of the page as it is. */
final class Report {

    private static final String HEAD =
            """
            | contender | rows/s | wall, s | CPU, µs a row | wall, times the loop | CPU, times the loop \
            | wall of work, s | CPU of work, µs a row | wall of work, times the loop | CPU of work, times the loop \
            | peak memory, MiB | requests |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private final Path page;

    Report(Path page) {
        this.page = page;
    }

    /** Replaces what stands between the markers of this name. */
    void write(String marker, String table) throws IOException {
        String begin = "<!-- generated: " + marker + " -->";
        String end = "<!-- end: " + marker + " -->";
        String text = Files.readString(page);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(page + " has no markers of " + marker);
        }
        Files.writeString(
                page, text.substring(0, from + begin.length()) + "\n" + table.strip() + "\n" + text.substring(to));
    }

    static String table(Outcome outcome) {
        Series series = outcome.series();
        Spread load = Spread.of(outcome.rounds().stream().map(Round::load).toList());
        String caption = String.format(
                Locale.ROOT,
                "%,d rows, %d rounds, %d batches at a time, receiver answers after %d ms; load before a run %s.%n%n",
                series.rows(),
                series.rounds(),
                series.parallelism(),
                series.latency(),
                outcome.rounds().isEmpty() ? "unknown" : load);
        String rows = series.contenders().stream()
                .map(contender -> row(outcome, contender))
                .collect(Collectors.joining("\n"));
        return caption + HEAD + rows;
    }

    private static String row(Outcome outcome, Contender contender) {
        Figures figures = Figures.of(outcome, contender);
        if (!figures.known()) {
            String reason = outcome.failures().getOrDefault(contender, "did not run");
            return "| " + contender.title() + " | failed: " + reason.replace("|", "/") + " | | | | | | | | | | |";
        }
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %s | %s | %s | %s | %s | %s | %s | %s | %.0f | %,.0f |",
                contender.title(),
                outcome.series().rows() / figures.wall().median(),
                figures.wall(),
                figures.cpu(),
                text(figures.wallRatio()),
                text(figures.cpuRatio()),
                figures.wallOfWork(),
                figures.cpuOfWork(),
                text(figures.wallRatioOfWork()),
                text(figures.cpuRatioOfWork()),
                figures.memory(),
                figures.requests());
    }

    private static String text(Spread ratio) {
        return Double.isNaN(ratio.median()) ? "no loop" : ratio.toString();
    }
}
