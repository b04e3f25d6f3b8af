package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** What is told of an address has no secret in it. */
class DestinationProbeTest {

    @Test
    void shouldTellSchemeHostAndPortWhenTheAddressHasMore() {
        // Given
        URI uri = URI.create("https://user:secret@billing.example:8443/orders/secret?token=secret#secret");

        // When
        String origin = DestinationProbe.origin(uri);

        // Then
        assertThat(origin).isEqualTo("https://billing.example:8443");
    }

    @Test
    void shouldTellNoPortWhenTheAddressHasNone() {
        // When
        String origin = DestinationProbe.origin(URI.create("http://billing/orders"));

        // Then
        assertThat(origin).isEqualTo("http://billing");
    }
}
