package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What two hundred pipelines without rows cost one process; prints what it measures. */
@Integration
@Tag("full")
class ManyPipelinesTest {

    private static final int PIPELINES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int SECONDS = 20;

    private static final String ROUTE =
            """
            - route:
                id: NAME
                routeConfigurationId: records
                from:
                  uri: kamelet:drover-follow-source
                  parameters:
                    table: NAME
                  steps:
                    - to:
                        uri: kamelet:drover-http-sink
                        parameters:
                          url: "{{drover.orders.url}}"
            """;

    @Test
    void shouldAskLessAndLessAndDeliverTheNextRowOfEach() throws InterruptedException {
        // Given
        Database source = Database.postgres();
        String[] names = IntStream.range(0, PIPELINES).mapToObj(i -> "t" + i).toArray(String[]::new);
        for (String name : names) {
            source.run(
                    "CREATE TABLE " + name + " (id BIGINT PRIMARY KEY, name TEXT)",
                    "INSERT INTO " + name + " VALUES (1, '" + name + "')");
        }
        try (Receiver receiver = Receiver.start("name", "id");
                Drover drover = Drover.reading(source).sendingTo(receiver).set("drover.source.consistency", "AUTO")) {
            for (String name : names) {
                drover.file(new RouteFile(name + ".camel.yaml", ROUTE.replace("NAME", name)));
            }
            long began = System.nanoTime();
            drover.start();
            long started = System.nanoTime();
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == PIPELINES);

            // When
            double first = transactions(source);
            Thread.sleep(100_000);
            double later = transactions(source);
            for (String name : names) {
                source.run("INSERT INTO " + name + " VALUES (2, '" + name + "')");
            }
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 2 * PIPELINES);

            // Then
            System.gc();
            System.out.printf(
                    "MANY start %d s, transactions a second %.1f, later %.1f, threads %d, heap %d MB%n",
                    Duration.ofNanos(started - began).toSeconds(),
                    first,
                    later,
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
            assertThat(later).isLessThan(first * 0.8);
            assertThat(drover.pipelines()).extracting(Pipeline::state).containsOnly(Pipeline.State.RUNNING);
        }
    }

    /** Those that the database counts for each second, also of the store, which is in the same database. */
    private static double transactions(Database source) throws InterruptedException {
        long before = count(source);
        Thread.sleep(SECONDS * 1000L);
        return (count(source) - before) / (double) SECONDS;
    }

    private static long count(Database source) {
        return source.number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
                .longValue();
    }
}
