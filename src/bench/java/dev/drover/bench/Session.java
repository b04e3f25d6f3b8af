package dev.drover.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a series: first a check, not counted, in which the receiver looks at every id; then the rounds, each with all
 * contenders, beginning with another one. Who fails is reported and left out of the rest.
 */
final class Session {

    private final Series series;
    private final ReceiverProcess receiver;
    private final Path folder;
    private final List<Round> rounds = new ArrayList<>();
    private final Map<Contender, String> failures = new LinkedHashMap<>();

    Session(Series series, ReceiverProcess receiver, Path folder) {
        this.series = series;
        this.receiver = receiver;
        this.folder = folder;
    }

    Outcome run() throws InterruptedException {
        for (Contender contender : series.contenders()) {
            attempt(contender, 0);
        }
        List<Contender> order = new ArrayList<>(series.contenders());
        for (int number = 1; number <= series.rounds(); number++) {
            for (Contender contender : order) {
                if (!failures.containsKey(contender)) {
                    attempt(contender, number);
                }
            }
            Collections.rotate(order, -1);
        }
        return new Outcome(series, rounds, failures);
    }

    private void attempt(Contender contender, int number) throws InterruptedException {
        try {
            if (number == 0) {
                check(contender);
            } else {
                round(contender, number);
            }
        } catch (IOException e) {
            failures.put(contender, String.valueOf(e.getMessage()));
            Log.step("%s %s FAILED: %s", series.name(), contender.name(), e.getMessage());
        }
    }

    private void check(Contender contender) throws IOException, InterruptedException {
        receiver.reset(series.latency(), true);
        Usage usage = once(contender, series.full());
        ReceiverProcess.Arrived arrived = complete(contender);
        if (arrived.distinct() != series.rows()) {
            throw new IOException("of " + series.rows() + " ids arrived " + arrived.distinct());
        }
        Log.step(
                "%s check %s: every id arrived, %,d bytes a row; cpu %.2f s%s",
                series.name(),
                contender.name(),
                arrived.bytes() / Math.max(1, arrived.records()),
                usage.cpu(),
                ownCpu());
    }

    /** What the process says itself, if it does: the two must agree. */
    private String ownCpu() throws IOException {
        return Files.readAllLines(folder.resolve("run/output.txt")).stream()
                .filter(line -> line.startsWith("cpu nanoseconds "))
                .map(line -> ", by itself %.2f s".formatted(Long.parseLong(line.split(" ", -1)[2]) / 1e9))
                .findFirst()
                .orElse("");
    }

    private void round(Contender contender, int number) throws IOException, InterruptedException {
        Usage empty = once(contender, series.empty());
        double load = load();
        receiver.reset(series.latency(), false);
        Usage full = once(contender, series.full());
        rounds.add(new Round(contender, number, empty, full, complete(contender), load));
        Log.step(
                "%s %d/%d %s: wall %.2f s, cpu %.2f s (empty %.2f), %.0f MiB, load %.2f",
                series.name(),
                number,
                series.rounds(),
                contender.name(),
                full.wall(),
                full.cpu(),
                empty.cpu(),
                full.memory(),
                load);
    }

    private ReceiverProcess.Arrived complete(Contender contender) throws IOException, InterruptedException {
        ReceiverProcess.Arrived arrived = receiver.arrived();
        if (arrived.records() != series.rows()) {
            throw new IOException(
                    contender.name() + " sent " + arrived.records() + " records instead of " + series.rows());
        }
        return arrived;
    }

    private Usage once(Contender contender, Source source) throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Folders.renew(run);
        Task task = new Task(source, receiver.destination(), series.parallelism(), series.javaOptions(), run);
        return Meter.run(contender.start().command(task));
    }

    private static double load() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    }
}
