package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Receiver;
import java.net.ProxySelector;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each address has one gate of its destination; connections and probes follow its settings and the proxy. */
class DestinationTest {

    @Test
    void shouldKeepItsGateWhenAStepHasALoginBesideIt() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            // Given
            context.getRegistry().bind("destination", new Destination());
            context.getRegistry().bind("billing", new Destination());
            String own = "http://billing.example/orders?httpClientConfigurer=#billing";

            // When
            Gate gate = Destination.gate(context.getEndpoint(own), false).orElseThrow();

            // Then
            assertThat(Destination.gate(context.getEndpoint(own + "&authUsername=ann&authPassword=secret"), false))
                    .containsSame(gate);
            assertThat(Destination.gate(
                            context.getEndpoint("http://billing.example/orders?authUsername=ann&authPassword=x"),
                            false))
                    .isPresent()
                    .get()
                    .isNotSameAs(gate);
        }
    }

    @Test
    void shouldShareTheLimitsOfAHostAmongItsAddresses() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            // Given
            Destination limited = new Destination();
            limited.setConcurrency("1");
            context.getRegistry().bind("destination", limited);
            Gate orders = Destination.gate(context.getEndpoint("http://billing.example/orders"), false)
                    .orElseThrow();
            Gate users = Destination.gate(context.getEndpoint("http://billing.example/users"), false)
                    .orElseThrow();
            Gate other = Destination.gate(context.getEndpoint("http://other.example/orders"), false)
                    .orElseThrow();

            // When
            boolean first = orders.pass(1);

            // Then
            assertThat(first).isTrue();
            assertThat(users.pass(1)).isFalse();
            assertThat(other.pass(1)).isTrue();
            orders.givenBack();
            assertThat(users.pass(1)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 30000", "timeout=5, 5000", "timeout=600, 30000", "timeout=soon, 30000"})
    void shouldGiveUpAConnectionBeforeAFirewallForgetsIt(String keepAlive, long millis) {
        // Given
        BasicHttpResponse answer = new BasicHttpResponse(200);
        answer.setHeader("Keep-Alive", keepAlive);

        // When
        TimeValue idle = new Destination().idle(answer, HttpClientContext.create());

        // Then
        assertThat(idle.toMilliseconds()).isEqualTo(millis);
    }

    @Test
    void shouldKnockThroughTheProxyOfThisProcess() throws Exception {
        // Given
        ProxySelector before = ProxySelector.getDefault();
        try (DefaultCamelContext context = new DefaultCamelContext();
                Receiver proxy = Receiver.start("id")) {
            ProxySelector.setDefault(
                    ProxiesTest.of(Map.of("HTTP_PROXY", proxy.url().replace("/orders", ""))));

            // When
            int status = DestinationProbe.of(context.getEndpoint("http://billing.invalid/orders"))
                    .orElseThrow()
                    .knock()
                    .status();

            // Then
            assertThat(status).isEqualTo(204);
        } finally {
            ProxySelector.setDefault(before);
        }
    }
}
