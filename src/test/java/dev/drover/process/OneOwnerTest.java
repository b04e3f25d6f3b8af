package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes run one pipeline: one of them owns it. */
@Integration
class OneOwnerTest {

    private static final int ORDERS = 8000;
    private static final int BATCH = 50;
    private static final int WINDOW = 2000;
    private static final int PARALLELISM = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void shouldTakeOverAndSendNothingTwiceWhenTheOwnerStandsStill() throws Exception {
        // Given
        Database database = Database.postgres().orders(1, 100);
        try (CountingReceiver receiver = new CountingReceiver(Duration.ofMillis(200));
                DroverProcess first = run(database, receiver)) {
            await().atMost(PATIENCE).until(() -> receiver.distinct() == 100);
            try (DroverProcess second = run(database, receiver)) {
                await().atMost(PATIENCE).until(() -> says(second, "orders: stands by"));
                int middle = 100 + new Random(7).nextInt(ORDERS / 2);
                database.orders(101, ORDERS);
                await().atMost(PATIENCE).until(() -> receiver.distinct() > middle);

                // When
                first.pause();
                List<Long> settled = awaitSettled(database, ORDERS);
                long records = receiver.records();
                first.resume();
                int exitCode = first.await();

                // Then
                assertThat(exitCode).isEqualTo(1);
                assertThat(says(first, "pipeline orders is no longer owned by 1: owner 2 has taken it over"))
                        .isTrue();
                assertThat(receiver.records() - records).isLessThanOrEqualTo((long) PARALLELISM * BATCH);
                assertThat(receiver.duplicates()).isLessThanOrEqualTo(WINDOW + (long) PARALLELISM * BATCH);
                assertThat(settled).isSorted();
                assertThat(database.column("SELECT epoch || ' ' || settled FROM drover_checkpoint"))
                        .containsExactly("2 " + ORDERS);
                database.orders(ORDERS + 1, ORDERS + 10);
                await().atMost(PATIENCE).until(() -> receiver.distinct() == ORDERS + 10);
                assertThat(second.terminate()).isEqualTo(143);
            }
        }
    }

    @Test
    void shouldRefuseASecondProcessWhenTheStoreIsAFile() throws Exception {
        // Given
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO);
                OrdersServer source = new OrdersServer(folder, 100);
                DroverProcess first = DroverProcess.run(folder, source.environment(receiver))) {
            await().atMost(PATIENCE).until(() -> receiver.distinct() == 100);

            // When
            DroverProcess second = DroverProcess.run(folder, source.environment(receiver));
            int exitCode = second.await();

            // Then
            assertThat(exitCode).isEqualTo(2);
            assertThat(second.errors())
                    .singleElement()
                    .asString()
                    .contains("pipeline orders is run by process " + first.pid(), "stop that one first");
            source.add(101);
            await().atMost(PATIENCE).until(() -> receiver.distinct() == 101);
            assertThat(receiver.duplicates()).isZero();
        }
    }

    private DroverProcess run(Database database, CountingReceiver receiver) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("DROVER_SOURCE_URL", database.url());
        environment.put("DROVER_SOURCE_USERNAME", database.username());
        environment.put("DROVER_SOURCE_CONSISTENCY", database.exact());
        environment.put("DROVER_SOURCE_PROMISES", "keysGrow");
        environment.put("DROVER_STORE_URL", database.url());
        environment.put("DROVER_STORE_USERNAME", database.username());
        environment.put("DROVER_ORDERS_URL", receiver.url());
        environment.put("DROVER_ORDERS_PAGESIZE", "200");
        environment.put("DROVER_ORDERS_BATCHSIZE", Integer.toString(BATCH));
        environment.put("DROVER_ORDERS_MAXINFLIGHT", Integer.toString(WINDOW));
        environment.put("DROVER_DELIVERY_PARALLELISM", Integer.toString(PARALLELISM));
        environment.put("DROVER_LEASE_DURATION", "3000");
        return DroverProcess.run(Files.createTempDirectory(folder, "run"), environment);
    }

    private static boolean says(DroverProcess drover, String text) {
        return drover.errors().stream().anyMatch(line -> line.contains(text));
    }

    /** Every count that was seen on the way there. */
    private static List<Long> awaitSettled(Database database, long records) {
        List<Long> seen = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            seen.add(database.number("SELECT settled FROM drover_checkpoint").longValue());
            return seen.get(seen.size() - 1) == records;
        });
        return seen;
    }
}
