package dev.drover.bench;

import dev.drover.bench.StartContender.Start;
import dev.drover.testing.Database;
import dev.drover.testing.Java25;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * From the command to the first batch at the receiver, with a PostgreSQL that is up, each with a new store and with the
 * store of an earlier start: for the Java that runs this and for Java 25, each as it is and with a cache made by a run of
 * the demo, with the options of the image. They take
 * turns, so that a machine that gets slower is slower for all; each number is a median, with the least and the most.
 *
 * <p>{@code mvn -Pbench verify -Dbench.main=dev.drover.bench.StartBenchmark -Dbench.arguments=7}: the argument is how
 * often each is started, 5 if not given. Java 25 is {@code JAVA25_HOME}, or one beside the Java that runs this.
 */
public final class StartBenchmark {

    /** The lease of a process that was killed, and the lock of its store, last for two seconds: no start waits for them. */
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(3);

    private StartBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int starts = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("starts");
        List<StartContender> contenders = contenders(folder);
        Map<String, List<Start>> results = new LinkedHashMap<>();
        Database orders = Database.postgres().orders(1, 10_000);
        try (FirstBatch receiver = new FirstBatch()) {
            Map<String, String> environment = Map.of(
                    "DROVER_SOURCE_URL", orders.url(),
                    "DROVER_SOURCE_USERNAME", orders.username(),
                    "DROVER_SOURCE_CONSISTENCY", "STATIC",
                    "DROVER_ORDERS_URL", receiver.url(),
                    "DROVER_LEASE_DURATION", "2000");
            for (int start = 0; start < starts; start++) {
                for (StartContender contender : contenders) {
                    Path own = Files.createTempDirectory(folder, "start");
                    for (String store : List.of("new store", "existing store")) {
                        results.computeIfAbsent(contender.name() + ", " + store, name -> new ArrayList<>())
                                .add(contender.measure(receiver, own, environment));
                        Thread.sleep(LEFT_BEHIND.toMillis());
                    }
                }
            }
        }
        System.out.println(
                "| start | first batch, s | CPU until then, s | most memory until then, MiB |\n|---|---|---|---|");
        results.forEach((name, of) -> System.out.println("| " + name + " | "
                + spread(of, start -> start.time().toMillis() / 1000.0) + " | "
                + spread(of, start -> start.cpu().toMillis() / 1000.0) + " | "
                + spread(of, Start::megabytes) + " |"));
        System.exit(0); // the receiver's threads wait for ever
    }

    private static List<StartContender> contenders(Path folder) throws Exception {
        List<StartContender> contenders = new ArrayList<>();
        Path here = Path.of(System.getProperty("java.home"));
        StartContender plain = new StartContender("Java " + Runtime.version().feature(), here, List.of());
        contenders.add(plain);
        contenders.add(plain.trained("AppCDS", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=", folder));
        if (Java25.home().isEmpty()) {
            System.out.println("no Java 25 here: set JAVA25_HOME to measure it");
            return contenders;
        }
        StartContender later = new StartContender("Java 25", Java25.home().get(), List.of());
        contenders.add(later);
        contenders.add(later.trained("AOT cache", "-XX:AOTCacheOutput=", "-XX:AOTCache=", folder));
        return contenders;
    }

    private static Spread spread(List<Start> starts, ToDoubleFunction<Start> of) {
        return Spread.of(starts.stream().map(of::applyAsDouble).toList());
    }
}
