package dev.drover.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws bars of what each contender spent on one series: CPU a row and wall time, on the light or the dark page. */
final class Plot {

    private static final int LINE = 26;
    private static final int TOP = 64;
    private static final int NAMES = 190;
    private static final int BARS = 190;
    private static final int PANEL = 270;
    private static final int WIDTH = NAMES + 2 * PANEL;

    private static final String STYLE =
            """
            <style>
            text { font: 13px sans-serif; fill: #24292f }
            .head { font-weight: bold }
            .page { fill: #ffffff }
            .bar { fill: #8c959f }
            .drover { fill: #1f6feb }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 }
            .page { fill: #0d1117 }
            .bar { fill: #6e7681 }
            .drover { fill: #58a6ff }
            }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();
    private final Outcome outcome;
    private final List<Figures> figures;

    Plot(Outcome outcome) {
        this.outcome = outcome;
        this.figures = outcome.series().contenders().stream()
                .map(contender -> Figures.of(outcome, contender))
                .filter(Figures::known)
                .toList();
    }

    void write(Path file) throws IOException {
        int height = TOP + figures.size() * LINE + 10;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, height);
        add("<title>CPU and wall time of each contender</title>%n");
        svg.append(STYLE);
        add("<rect class=\"page\" width=\"%d\" height=\"%d\"/>%n", WIDTH, height);
        text(
                10,
                22,
                "head",
                "%,d rows from PostgreSQL to HTTP, batches of 500; less is better"
                        .formatted(outcome.series().rows()));
        for (int line = 0; line < figures.size(); line++) {
            text(10, y(line) + 14, "name", figures.get(line).contender().title());
        }
        panel(NAMES, "CPU of the work, µs a row", figure -> figure.cpuOfWork().median());
        panel(NAMES + PANEL, "wall time with start, s", figure -> figure.wall().median());
        add("</svg>%n");
        Files.createDirectories(file.getParent());
        Files.writeString(file, svg);
    }

    private void panel(int x, String head, ToDoubleFunction<Figures> figure) {
        text(x, 50, "head", head);
        double most = figures.stream().mapToDouble(figure).max().orElse(1);
        for (int line = 0; line < figures.size(); line++) {
            Figures shown = figures.get(line);
            double value = figure.applyAsDouble(shown);
            double width = BARS * Math.max(0, value) / most;
            String kind = shown.contender().name().startsWith("drover") ? "drover" : "bar";
            add("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\"/>%n", kind, x, y(line), width);
            text(x + (int) width + 6, y(line) + 14, "value", "%.1f".formatted(value));
        }
    }

    private static int y(int line) {
        return TOP + line * LINE;
    }

    private void text(int x, int y, String kind, String text) {
        add("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", kind, x, y, text);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
