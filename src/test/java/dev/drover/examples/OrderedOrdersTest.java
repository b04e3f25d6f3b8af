package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.delivery.Lane;
import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class OrderedOrdersTest {

    private static final String PIPELINE = "ordered-orders";
    private static final int LANES = 8;
    private static final List<Long> ALL =
            LongStream.rangeClosed(1, ROWS).boxed().toList();

    private final Receiver receiver = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "ordered-orders.camel.yaml")
                .orders(ROWS)
                .address("drover.orders.url", receiver.url());
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldKeepTheOrderOfEachCustomerWhenAttemptsFailAndAnOrderIsRefused() {
        // Given
        long poison = 400;
        Set<String> failed = ConcurrentHashMap.newKeySet();
        receiver.answers(request -> {
            if (request.key().charAt(0) % 3 == 0 && failed.add(request.key())) {
                return 503;
            }
            return request.has(poison) ? 422 : 200;
        });

        // When
        try (Example example = bench.run()) {
            example.awaitCheckpoint(PIPELINE, ROWS);

            // Then
            assertThat(failed).isNotEmpty();
            assertInOrder(receiver.arrived());
            assertInOrder(receiver.accepted());
            assertThat(receiver.acceptedIds())
                    .containsExactlyInAnyOrderElementsOf(
                            ALL.stream().filter(id -> id != poison).toList());
            assertThat(bench.deadLetters()).containsExactly("ordered-orders id=400 422");
        }
    }

    @Test
    void shouldDeliverTheOtherLanesWhenOneIsBlocked() {
        // Given
        int blocked = lane("customer 7");
        AtomicBoolean down = new AtomicBoolean(true);
        receiver.answers(request -> down.get() && lane(request) == blocked ? 503 : 200);

        // When
        try (Example example = bench.run()) {
            eventually().until(() -> receiver.acceptedIds().size() == ROWS - ordersOf(blocked));

            // Then
            List<Receiver.Request> ofTheLane = receiver.arrived().stream()
                    .filter(request -> lane(request) == blocked)
                    .toList();
            assertThat(ofTheLane)
                    .as("its first batch again and again, none of those after it")
                    .isNotEmpty()
                    .containsOnly(ofTheLane.get(0));
            assertThat(checkpoint(example.pipeline())).isZero();
            down.set(false);
            example.awaitCheckpoint(PIPELINE, ROWS);
            assertInOrder(receiver.accepted());
            assertThat(receiver.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL);
        }
    }

    @Test
    void shouldDeliverLanesSideBySideButEachByItself() {
        // Given
        CountDownLatch several = new CountDownLatch(2);
        Map<Integer, Boolean> open = new ConcurrentHashMap<>();
        AtomicBoolean twoOfOneLane = new AtomicBoolean();
        receiver.answers(request -> {
            if (open.putIfAbsent(lane(request), true) != null) {
                twoOfOneLane.set(true);
            }
            several.countDown();
            boolean together = await(several);
            open.remove(lane(request));
            return together ? 200 : 500;
        });

        // When
        try (Example example = bench.run()) {
            example.awaitCheckpoint(PIPELINE, ROWS);

            // Then
            assertThat(receiver.mostOpen()).isBetween(2, LANES);
            assertThat(twoOfOneLane).isFalse();
            assertThat(receiver.arrived())
                    .as("each batch is of one lane")
                    .allSatisfy(request -> assertThat(lanes(request)).hasSize(1));
            assertThat(receiver.arrived()).flatExtracting(this::lanes).containsOnly(0, 1, 2, 3, 4, 5, 6, 7);
            assertInOrder(receiver.accepted());
        }
    }

    @Test
    void shouldLoseNothingAndKeepTheOrderWhenStoppedWithBatchesThatWaitForTheirTurn() {
        // Given
        int blocked = lane("customer 7");
        receiver.answers(request -> lane(request) == blocked ? 503 : 200);
        bench.runUntil(() -> receiver.acceptedIds().size() == ROWS - ordersOf(blocked));
        receiver.answers(request -> 200);

        // When
        try (Example second = bench.run()) {
            second.awaitCheckpoint(PIPELINE, ROWS);

            // Then
            assertThat(ordersOf(blocked))
                    .as("more than the batch that was tried")
                    .isGreaterThan(40);
            assertThat(receiver.acceptedIds()).containsAll(ALL);
            assertInOrder(receiver.accepted());
            assertThat(bench.deadLetters()).isEmpty();
        }
    }

    @Test
    void shouldLoseNothingAndKeepTheOrderWhenStoppedInTheMiddle() {
        // Given
        receiver.answers(request -> receiver.accepted().size() > 15 ? 503 : 200);
        bench.runUntil(() -> receiver.accepted().size() > 15);
        receiver.answers(request -> 200);

        // When
        try (Example second = bench.run()) {
            second.awaitCheckpoint(PIPELINE, ROWS);

            // Then
            assertThat(receiver.acceptedIds()).containsAll(ALL);
            assertInOrder(receiver.accepted());
            assertThat(bench.deadLetters()).isEmpty();
        }
    }

    /** The first arrivals of each customer are in the order of the source. */
    private static void assertInOrder(List<Receiver.Request> requests) {
        Map<String, List<Long>> firstArrivals = new TreeMap<>();
        Set<Long> seen = new HashSet<>();
        for (Receiver.Request request : requests) {
            for (JsonNode order : request.records()) {
                long id = order.get("id").asLong();
                if (seen.add(id)) {
                    firstArrivals
                            .computeIfAbsent(order.get("customer").asText(), customer -> new ArrayList<>())
                            .add(id);
                }
            }
        }
        assertThat(firstArrivals).hasSize(50);
        assertThat(firstArrivals.values()).allSatisfy(ids -> assertThat(ids).isSorted());
    }

    private long ordersOf(int lane) {
        return ALL.stream().filter(id -> lane(Bench.customerOf(id)) == lane).count();
    }

    private Set<Integer> lanes(Receiver.Request request) {
        return request.records().stream()
                .map(order -> order.get("customer"))
                .map(customer -> lane(customer.isNull() ? null : customer.asText()))
                .collect(Collectors.toSet());
    }

    private int lane(Receiver.Request request) {
        return lanes(request).iterator().next();
    }

    private static int lane(String customer) {
        return new Lane().of(customer, LANES);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
