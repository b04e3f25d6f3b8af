package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** Each address has one gate of its destination. */
class DestinationTest {

    @Test
    void shouldKeepItsGateWhenAStepHasALoginBesideIt() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            // Given
            context.getRegistry().bind("destination", new Destination());
            context.getRegistry().bind("billing", new Destination());
            String own = "http://billing.example/orders?httpClientConfigurer=#billing";

            // When
            Gate gate = Destination.gate(context.getEndpoint(own)).orElseThrow();

            // Then
            assertThat(Destination.gate(context.getEndpoint(own + "&authUsername=ann&authPassword=secret")))
                    .containsSame(gate);
            assertThat(Destination.gate(
                            context.getEndpoint("http://billing.example/orders?authUsername=ann&authPassword=x")))
                    .isPresent()
                    .get()
                    .isNotSameAs(gate);
        }
    }
}
