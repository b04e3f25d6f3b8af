package dev.drover.bench;

import java.nio.file.Path;

/**
 * Runs every contender in turn, in processes of their own, and writes what they spent into
 * {@code src/site/markdown/benchmark.md}, which also says how it is run and what it measures. A series that fails is
 * told, and the next one runs.
 */
public final class Benchmark {

    private final Options options;
    private final Databases databases;
    private final ReceiverProcess receiver;
    private final Path folder;
    private final Report report;
    private final Plan plan;
    private boolean failed;

    private Benchmark(Options options, Path folder, ReceiverProcess receiver, boolean node) {
        this.options = options;
        this.folder = folder;
        this.receiver = receiver;
        this.databases = new Databases(folder);
        this.report = new Report(options.site().resolve("markdown/benchmark.md"));
        this.plan = new Plan(options, databases, node);
    }

    /** What one part of the command does. */
    @FunctionalInterface
    private interface Part {

        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.fromProperties();
        Path folder = Path.of("target/bench/run").toAbsolutePath();
        Folders.renew(folder);
        boolean node = NodePackages.install();
        if (!node) {
            Log.step("without the Node program: npm did not install its packages, see target/bench/node/npm.txt");
        }
        boolean failed;
        try (ReceiverProcess receiver = new ReceiverProcess()) {
            failed = new Benchmark(options, folder, receiver, node).run();
        }
        System.exit(failed ? 1 : 0);
    }

    /** Whether anything failed. */
    private boolean run() {
        part("machine", 1, () -> report.write("machine", Machine.text()));
        part("postgresql", options.rows(), this::postgres);
        part("postgresql-jvm", options.rows(), () -> run(plan.postgresWithoutOptions()));
        part("latency", options.latencyRows(), () -> run(plan.latency()));
        part("h2", options.h2Rows(), () -> run(plan.h2()));
        part("offset", options.offsetRows(), () -> run(plan.offset()));
        part("pages", options.pageRows(), this::pages);
        part("order", options.orderRows(), () -> report.write("order", new OrderCosts(options.orderRows()).table()));
        return failed;
    }

    private void part(String name, long size, Part part) {
        if (size == 0) {
            Log.step("%s: left out", name);
            return;
        }
        try {
            part.run();
        } catch (Exception e) {
            failed = true;
            Log.step("%s FAILED: %s", name, e);
        }
    }

    private void postgres() throws Exception {
        Outcome outcome = run(plan.postgres());
        if (!outcome.rounds().isEmpty()) {
            new Plot(outcome).write(options.site().resolve("resources/images/benchmark.svg"));
        }
    }

    private void pages() throws Exception {
        long rows = options.pageRows();
        report.write("pages", new PageTimes(databases.postgres(rows), rows).table());
    }

    private Outcome run(Series series) throws Exception {
        Outcome outcome = new Session(series, receiver, folder).run();
        failed |= !outcome.failures().isEmpty();
        String table = Report.table(outcome);
        System.out.println(table);
        report.write(series.name(), table);
        return outcome;
    }
}
