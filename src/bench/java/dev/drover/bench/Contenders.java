package dev.drover.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All contenders, and how each is started: the Java ones by the same JVM with the same options. */
final class Contenders {

    /** What the others are compared with. */
    static final Contender LOOP = java("loop", "hand-written loop", "Loop", Libraries.PLAIN);

    static final Contender DROVER_READ =
            drover("drover-read", "Drover, read step", "STATIC", Path.of("routes/orders.camel.yaml"));
    static final Contender DROVER_TABLE =
            drover("drover-table", "Drover, table form", "STATIC", Path.of("routes/examples/orders-table.camel.yaml"));
    /** Looks up before each page what open transactions may still write. */
    static final Contender DROVER_FOLLOWS = drover(
            "drover-follows", "Drover, table form, `LOCK`", "LOCK", Path.of("routes/examples/orders-table.camel.yaml"));

    static final Contender DROVER_STEP = drover(
            "drover-step",
            "Drover, table form, a step for each",
            "STATIC",
            Path.of("src/bench/routes/table-step.camel.yaml"));
    static final Contender NODE = node("node", "Node, keyset pages", "keyset");
    static final Contender NODE_OFFSET = node("node-offset", "Node, OFFSET", "offset");
    static final Contender SPRING_BATCH =
            java("spring-batch", "Spring Batch, threads", "SpringBatch", Libraries.SPRING);
    static final Contender SPRING_BATCH_ONE =
            new Contender("spring-batch-1", "Spring Batch, 1 thread", task -> SPRING_BATCH
                    .start()
                    .command(new Task(task.source(), task.destination(), 1, task.javaOptions(), task.folder())));
    static final Contender CAMEL = java(
            "camel",
            "Camel, stock components",
            "StockCamel",
            Libraries.CAMEL,
            Path.of("src/bench/routes/stock.camel.yaml").toAbsolutePath().toString());

    private Contenders() {}

    private static List<String> java(Task task) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-Xmx512m");
        words.addAll(task.javaOptions());
        return words;
    }

    private static Contender java(String name, String title, String main, Libraries libraries, String... arguments) {
        return new Contender(name, title, task -> {
            List<String> words = java(task);
            words.add("-Dlogback.configurationFile="
                    + Path.of("src/bench/logback.xml").toAbsolutePath());
            words.addAll(List.of("-cp", libraries.classPath(), "dev.drover.bench.contender." + main));
            words.addAll(List.of(arguments));
            return new Command(words, environment(task), task.folder());
        });
    }

    private static Contender node(String name, String title, String paging) {
        return new Contender(
                name,
                title,
                task -> new Command(
                        List.of(
                                "node",
                                "--max-old-space-size=512",
                                NodePackages.program().toString(),
                                paging),
                        environment(task),
                        task.folder()));
    }

    private static Map<String, String> environment(Task task) {
        return Map.of(
                "BENCH_URL", task.source().url(),
                "BENCH_USER", task.source().user(),
                "BENCH_DESTINATION", task.destination(),
                "BENCH_PARALLELISM", Integer.toString(task.parallelism()));
    }

    /** The packed program with the settings and the clauses that it comes with, and one route. */
    private static Contender drover(String name, String title, String consistency, Path route) {
        return new Contender(name, title, task -> {
            Path routes = Files.createDirectory(task.folder().resolve("routes"));
            for (String file :
                    List.of("application.properties", "beans.camel.yaml", "route-configuration.camel.yaml")) {
                copy(Path.of("routes", file), routes);
            }
            copy(route, routes);
            List<String> words = java(task);
            words.addAll(List.of(
                    "-jar", Path.of("target/drover.jar").toAbsolutePath().toString(), "run", "--drain"));
            return new Command(words, settings(task, consistency), task.folder());
        });
    }

    private static Map<String, String> settings(Task task, String consistency) {
        return Map.of(
                "DROVER_SOURCE_CONSISTENCY", consistency,
                "DROVER_SOURCE_PROMISES", consistency.equals("LOCK") ? "keysGrow" : "", // the keys are numbered by hand
                "DROVER_SOURCE_URL", task.source().url(),
                "DROVER_SOURCE_USERNAME", task.source().user(),
                "DROVER_ORDERS_URL", task.destination(),
                "DROVER_DELIVERY_PARALLELISM", Integer.toString(task.parallelism()));
    }

    private static void copy(Path file, Path folder) throws IOException {
        Files.copy(file, folder.resolve(file.getFileName()));
    }
}
