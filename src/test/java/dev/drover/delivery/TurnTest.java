package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchFixture;
import dev.drover.batch.GivenUpException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnTest {

    private static final int PARALLELISM = 2;

    private final CamelContext context = new DefaultCamelContext();
    private final BatchFixture orders = new BatchFixture("orders");
    private final Turn turn = new Turn();

    @BeforeEach
    void setUp() {
        context.getExecutorServiceManager()
                .registerThreadPoolProfile(new ThreadPoolProfileBuilder("delivery")
                        .poolSize(PARALLELISM)
                        .maxPoolSize(PARALLELISM)
                        .maxQueueSize(100)
                        .build());
        context.start();
    }

    @AfterEach
    void tearDown() {
        context.stop();
    }

    @Test
    void shouldPassWhenNoBatchIsBeforeIt() {
        // When
        CompletableFuture<Exchange> passed = process(orders.batch("a", 1));

        // Then
        assertThat(passed.join().getException()).isNull();
    }

    @Test
    void shouldHoldNoThreadWhileABatchWaits() {
        // Given
        orders.batch("a", 1);

        // When
        for (int id = 2; id <= 2 + 2 * PARALLELISM; id++) {
            assertThat(process(orders.batch("a", id))).isNotDone();
        }

        // Then
        assertThat(process(orders.batch("b", 100)).join().getException()).isNull();
    }

    @Test
    void shouldPassInOrderWhenTheBatchesBeforeItEnd() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2);
        Batch third = orders.batch("a", 3);
        CompletableFuture<Exchange> thirdPassed = process(third);
        CompletableFuture<Exchange> secondPassed = process(second);

        // When
        first.delivered(first.items(), "post");
        BatchFixture.end(first);

        // Then
        assertThat(secondPassed.join().getException()).isNull();
        assertThat(thirdPassed).isNotDone();
        second.delivered(second.items(), "post");
        BatchFixture.end(second);
        assertThat(thirdPassed.join().getException()).isNull();
    }

    @Test
    void shouldNotPassWhenTheBatchBeforeItWasGivenUp() {
        // Given
        Batch first = orders.batch("a", 1);
        CompletableFuture<Exchange> second = process(orders.batch("a", 2));

        // When
        BatchFixture.end(first);

        // Then
        assertThat(second.join().getException()).isInstanceOf(GivenUpException.class);
    }

    @Test
    void shouldDeliverNoMoreAtTheSameTimeThanTheProfileAllows() throws InterruptedException {
        // Given
        Semaphore delivering = new Semaphore(0);
        CountDownLatch done = new CountDownLatch(1);

        // When
        for (int id = 1; id <= 2 * PARALLELISM; id++) {
            turn.process(exchange(orders.batch("lane " + id, id)), sync -> {
                delivering.release();
                await(done);
            });
        }

        // Then
        delivering.acquire(PARALLELISM);
        assertThat(delivering.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        done.countDown();
        delivering.acquire(PARALLELISM);
    }

    @Test
    void shouldPassWhenAnotherPipelineHasAllItsDeliveriesUnderWay() {
        // Given
        CountDownLatch done = new CountDownLatch(1);
        for (int id = 1; id <= PARALLELISM; id++) {
            turn.process(exchange(orders.batch("lane " + id, id)), sync -> await(done));
        }

        // When
        CompletableFuture<Exchange> other = process(new BatchFixture("users").batch("a", 1));

        // Then
        assertThat(other.join().getException()).isNull();
        done.countDown();
    }

    private CompletableFuture<Exchange> process(Batch batch) {
        CompletableFuture<Exchange> passed = new CompletableFuture<>();
        Exchange exchange = exchange(batch);
        assertThat(turn.process(exchange, sync -> passed.complete(exchange))).isFalse();
        return passed;
    }

    private Exchange exchange(Batch batch) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(Batch.PROPERTY, batch);
        return exchange;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
