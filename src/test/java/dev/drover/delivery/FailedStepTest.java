package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchFixture;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class FailedStepTest {

    @Test
    void shouldNoteEachFailureOnceWhenItIsToldTwice() {
        // Given
        Batch batch = new BatchFixture("orders").batch("a", 1, 2);
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(Batch.PROPERTY, batch);
        FailedStep step = new FailedStep();

        // When
        for (Exception failure : new Exception[] {new IllegalStateException("one"), new IllegalStateException("two")}) {
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
            step.process(exchange);
            step.process(exchange);
        }

        // Then
        assertThat(batch.lastFailure()).hasValueSatisfying(last -> {
            assertThat(last.number()).isEqualTo(2);
            assertThat(last.reason()).contains("two");
        });
    }
}
