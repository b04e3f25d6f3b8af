package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class PeriodicTest {

    private final CountDownLatch threeRuns = new CountDownLatch(3);

    @Test
    void shouldRunAgainWhenTheTaskThrowsAnException() throws Exception {
        shouldRunAgainAfter(() -> {
            throw new IllegalStateException("no answer");
        });
    }

    @Test
    void shouldRunAgainWhenTheTaskThrowsAnErrorThatDoesNotEndTheProgram() throws Exception {
        shouldRunAgainAfter(() -> {
            throw new StackOverflowError();
        });
    }

    private void shouldRunAgainAfter(Runnable failure) throws Exception {
        // Given
        try (DefaultCamelContext context = new DefaultCamelContext();
                Periodic periodic = new Periodic(context, "failing", Duration.ofMillis(1), () -> {
                    threeRuns.countDown();
                    failure.run();
                })) {

            // When
            periodic.start();

            // Then
            assertThat(threeRuns.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
