package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import dev.drover.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forwarders of one group come, go, are killed and stand still while there is work for a while. */
@Integration
class KafkaForwardersTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BATCH = 20;
    private static final int PARALLELISM = 4;
    private static final long SEED = 42;

    /** So slow that there is work left as long as the test needs it; what is in flight takes less than a drain. */
    private static final Duration SLOW = Duration.ofMillis(200);

    @TempDir
    Path folder;

    private KafkaFlow flow;
    private OrderReceiver receiver;
    private Arrivals arrivals;

    @BeforeEach
    void open() throws Exception {
        flow = new KafkaFlow(folder, KafkaBroker.shared())
                .set("DROVER_ORDERS_BATCHSIZE", Integer.toString(BATCH))
                .set("DROVER_DELIVERY_PARALLELISM", Integer.toString(PARALLELISM));
        receiver = new OrderReceiver(SLOW);
        arrivals = receiver.arrivals();
    }

    @AfterEach
    void close() {
        flow.close();
        receiver.close();
    }

    @Test
    void shouldLoseNothingWhenAForwarderIsKilled() throws Exception {
        killRepeatedly(3000, 1, SEED);
    }

    @Test
    @Tag("full")
    void shouldLoseNothingWhenForwardersAreKilledTwentyTimes() throws Exception {
        killRepeatedly(100_000, 20, System.nanoTime());
    }

    private void killRepeatedly(int orders, int kills, long seed) throws Exception {
        // Given
        Random random = new Random(seed);
        flow.produce(1, orders, seed);
        List<DroverProcess> forwarders = new ArrayList<>(List.of(flow.forward(receiver), flow.forward(receiver)));
        awaitMembers(2);

        // When
        for (int killed = 0; killed < kills; killed++) {
            awaitArrivals(arrivals.distinct() + 1 + random.nextInt(orders / (2 * kills)));
            forwarders.remove(0).kill();
            forwarders.add(flow.forward(receiver));
        }
        int beforeTheLast = arrivals.distinct();
        finish();

        // Then
        System.out.printf(
                "orders=%d kills=%d seed=%d duplicates=%d stepsBack=%d%n",
                orders, kills, seed, arrivals.duplicates(), arrivals.stepsBack());
        assertThat(beforeTheLast).as("was killed in the middle").isLessThan(orders);
        assertThat(arrivals.distinct()).isEqualTo(orders);
        assertThat(arrivals.overtaken()).isZero();
        assertThat(arrivals.duplicates()).isLessThanOrEqualTo((long) kills * KafkaFlow.WINDOW);
        assertThat(arrivals.stepsBack()).isLessThanOrEqualTo(kills * KafkaFlow.CUSTOMERS);
    }

    @Test
    void shouldSettleWhatItGivesUpWhenThatTakesLongerThanItsSession() throws Exception {
        // Given
        flow.produce(1, 3000, SEED);
        receiver.setLatency(Duration.ofMillis(300)); // 3.75 s for a window
        DroverProcess first = flow.forward(receiver);
        awaitArrivals(100);

        // When
        DroverProcess second = flow.forward(receiver);
        awaitMembers(2);
        awaitArrivals(arrivals.distinct() + KafkaFlow.WINDOW);
        finish();

        // Then
        assertThat(arrivals.distinct()).isEqualTo(3000);
        assertThat(arrivals.duplicates()).isZero();
        assertThat(List.of(first.terminate(), second.terminate())).containsOnly(143);
    }

    @Test
    @Tag("full")
    void shouldRepeatNothingWhenForwardersJoinAndLeave() throws Exception {
        // Given
        int orders = 6000;
        flow.produce(1, orders, SEED);
        DroverProcess first = flow.forward(receiver);
        awaitArrivals(100);

        // When
        DroverProcess second = flow.forward(receiver);
        awaitMembers(2);
        awaitArrivals(arrivals.distinct() + 100);
        int firstLeft = first.terminate();
        awaitArrivals(arrivals.distinct() + 100);
        DroverProcess third = flow.forward(receiver);
        awaitMembers(2);
        int secondLeft = second.terminate();
        int beforeTheLast = arrivals.distinct();
        finish();
        int thirdLeft = third.terminate();

        // Then
        assertThat(beforeTheLast).as("left in the middle").isLessThan(orders);
        assertThat(List.of(firstLeft, secondLeft, thirdLeft)).containsOnly(143);
        assertThat(arrivals.distinct()).isEqualTo(orders);
        assertThat(arrivals.duplicates()).isZero();
        assertThat(arrivals.overtaken()).isZero();
        assertThat(arrivals.stepsBack()).isZero();
    }

    @Test
    @Tag("full")
    void shouldLeaveOffsetsAloneWhenItStoodStillForLongerThanItsSession() throws Exception {
        // Given
        flow.produce(1, 8000, SEED);
        DroverProcess first = flow.forward(receiver);
        DroverProcess second = flow.forward(receiver);
        awaitMembers(2);
        awaitArrivals(arrivals.distinct() + 100);

        // When
        first.pause();
        int beforeTheLast = arrivals.distinct();
        finish();
        Map<Integer, Long> settled = flow.committed();
        long records = arrivals.records();
        first.resume();
        awaitMembers(2);
        await().during(Duration.ofSeconds(2)).until(() -> flow.committed().equals(settled));
        long afterwards = arrivals.records();
        flow.produce(8001, 10_000, SEED + 1);
        finish();

        // Then
        System.out.printf("repeated=%d by the one that slept=%d%n", arrivals.duplicates(), afterwards - records);
        assertThat(beforeTheLast).as("stood still in the middle").isLessThan(8000);
        assertThat(afterwards - records).isLessThanOrEqualTo((long) PARALLELISM * BATCH);
        assertThat(arrivals.distinct()).isEqualTo(10_000);
        assertThat(arrivals.overtaken()).isZero();
        assertThat(arrivals.duplicates()).isLessThanOrEqualTo(KafkaFlow.WINDOW + (long) PARALLELISM * BATCH);
        assertThat(List.of(first.terminate(), second.terminate())).containsOnly(143);
    }

    @Test
    void shouldGoOnWhenTheOnlyForwarderStoodStillForLongerThanItsSession() throws Exception {
        // Given
        flow.produce(1, 3000, SEED);
        DroverProcess forwarder = flow.forward(receiver);
        awaitArrivals(100);

        // When
        forwarder.pause();
        awaitMembers(0);
        forwarder.resume();
        finish();

        // Then
        assertThat(arrivals.distinct()).isEqualTo(3000);
        assertThat(arrivals.overtaken()).isZero();
        assertThat(arrivals.duplicates()).isLessThanOrEqualTo(KafkaFlow.WINDOW);
        assertThat(forwarder.terminate()).isEqualTo(143);
    }

    @Test
    @Tag("full")
    void shouldLoseNothingWhenForwardersAreReplacedOneByOne() throws Exception {
        // Given
        List<DroverProcess> old = List.of(flow.forward(receiver), flow.forward(receiver), flow.forward(receiver));
        awaitMembers(3);
        flow.set("DROVER_ORDERS_BATCHSIZE", "30");

        // When
        int orders = 0;
        for (DroverProcess forwarder : old) {
            DroverProcess next = flow.forward(receiver);
            awaitMembers(4);
            flow.produce(orders + 1, orders + 3000, SEED);
            awaitArrivals(orders + 100);
            orders += 3000;
            assertThat(arrivals.distinct()).as("replaced under load").isLessThan(orders);
            assertThat(forwarder.terminate()).isEqualTo(143);
            assertThat(next.isAlive()).isTrue();
        }
        finish();

        // Then
        assertThat(arrivals.distinct()).isEqualTo(orders);
        assertThat(arrivals.duplicates()).isZero();
        assertThat(arrivals.overtaken()).isZero();
    }

    /** As fast as it can be. */
    private void finish() {
        receiver.setLatency(Duration.ZERO);
        flow.awaitSettled();
    }

    private void awaitArrivals(int orders) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> arrivals.distinct() >= orders);
    }

    private void awaitMembers(int members) {
        await().atMost(PATIENCE).until(() -> flow.members() == members);
    }
}
