package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector of traces and a destination see of a run. */
@Integration
class TracingTest {

    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-01");

    private final Queue<String> exported = new ConcurrentLinkedQueue<>();
    private HttpServer collector;
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            exported.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        receiver = Receiver.start("id");
        drover = Drover.reading(Database.h2().orders(1, 1000))
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .sendingTo(receiver)
                .sizes(100, 50, 1000)
                .draining();
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
        collector.stop(0);
    }

    @Test
    void shouldSendTheSpanOfItsBatchWithEachAttempt() {
        // Given
        receiver.fails(Fault.respond(503).times(2));

        // When
        drover.set(
                        "drover.tracing.endpoint",
                        "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces")
                .run();

        // Then
        List<Request> requests = receiver.requests();
        String spans = String.join("", exported);
        assertThat(requests).hasSize(22).allSatisfy(request -> {
            String traceparent = request.header("traceparent").orElse("");
            assertThat(traceparent).matches(TRACEPARENT);
            assertThat(spans.contains(bytes(traceparent.substring(3, 35)))).isTrue();
            assertThat(spans.contains(bytes(traceparent.substring(36, 52)))).isTrue();
        });
        assertThat(requests.stream()
                        .collect(Collectors.groupingBy(
                                Request::key,
                                Collectors.mapping(request -> request.header("traceparent"), Collectors.toSet())))
                        .values())
                .hasSize(20)
                .allSatisfy(ofBatch -> assertThat(ofBatch).hasSize(1));
        assertThat(spans.split(Pattern.quote("*\u0005batch"), -1)).hasSize(20 + 1);
        assertThat(spans.split(Pattern.quote("*\u0004page"), -1)).hasSizeBetween(10 + 1, 11 + 1);
    }

    @Test
    void shouldAddNoOtherHeaderWhenItIsTraced() {
        // When
        drover.set(
                        "drover.tracing.endpoint",
                        "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces")
                .run();

        // Then
        assertThat(receiver.requests())
                .allSatisfy(request -> assertThat(request.headers().keySet())
                        .isSubsetOf(
                                "host",
                                "connection",
                                "user-agent",
                                "content-length",
                                "transfer-encoding",
                                "accept-encoding",
                                "accept",
                                "idempotency-key",
                                "content-type",
                                "traceparent"));
    }

    @Test
    void shouldDeliverWhenTheCollectorIsDown() {
        // When
        drover.set("drover.tracing.endpoint", "http://127.0.0.1:1/v1/traces").run();

        // Then
        assertThat(receiver.accepted()).hasSize(1000);
    }

    @Test
    void shouldSendNoTraceparentUnlessAsked() {
        // When
        drover.run();

        // Then
        assertThat(receiver.requests()).isNotEmpty().allSatisfy(request -> assertThat(request.header("traceparent"))
                .isEmpty());
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
