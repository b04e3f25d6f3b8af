package dev.drover;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drover.delivery.Destination;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.RawServer;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.component.http.HttpComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong between a destination and us: a batch without a definite answer is sent again, as it was. */
@Integration
class HttpFaultsTest {

    private static final int ROWS = 300;
    private static final int FAULTS = 3;
    private static final int MINUTE = 60_000;

    private final Database source = Database.h2().orders(1, ROWS);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source)
            .file(RouteFile.of("routes/orders.camel.yaml"))
            .sendingTo(receiver)
            .sizes(200, 100, 600)
            .set("drover.delivery.deadline", 3000)
            .set("drover.delivery.responseTimeout", 10 * MINUTE)
            .draining();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("empty answer", aResponse().withFault(Fault.EMPTY_RESPONSE)),
                Arguments.of("malformed chunk", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)),
                Arguments.of("garbage", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)),
                Arguments.of("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
                Arguments.of(
                        "dribble",
                        aResponse().withBody("accepted, byte by byte").withChunkedDribbleDelay(20, MINUTE)),
                Arguments.of("no answer", aResponse().withFixedDelay(MINUTE)),
                Arguments.of("408", aResponse().withStatus(408)),
                Arguments.of("425", aResponse().withStatus(425)),
                Arguments.of("429", aResponse().withStatus(429)),
                Arguments.of("500", aResponse().withStatus(500)),
                Arguments.of("502", aResponse().withStatus(502)),
                Arguments.of("504", aResponse().withStatus(504)),
                Arguments.of("junk pause", aResponse().withStatus(503).withHeader("Retry-After", "soon")),
                Arguments.of("past pause", aResponse().withStatus(503).withHeader("Retry-After", "-5")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void shouldDeliverEachRecordOnceWhenTheDestinationFailsForAWhile(String name, ResponseDefinitionBuilder fault) {
        // Given
        WireMockServer between = new WireMockServer(options().dynamicPort());
        between.start();
        failsAtFirst(between, fault);
        drover.set("drover.orders.url", between.baseUrl() + "/orders");
        try (Verdict verdict = new Verdict(source, receiver)) {

            // When
            drover.start();
            drover.awaitEnd();

            // Then
            verdict.assertEachOnce(drover);
        } finally {
            between.stop();
        }
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
    }

    @Test
    void shouldKeepEverythingAndAlarmOnceWhenTheHostIsGone() {
        keepsEverythingAndAlarmsOnce("http://no-such-host.invalid/orders", "UnknownHostException");
    }

    @Test
    void shouldKeepEverythingAndAlarmOnceWhenTheCertificateIsNotTrusted() {
        WireMockServer untrusted = new WireMockServer(options().dynamicHttpsPort());
        untrusted.start();
        try {
            keepsEverythingAndAlarmsOnce("https://localhost:" + untrusted.httpsPort() + "/orders", "SSLHandshake");
        } finally {
            untrusted.stop();
        }
    }

    /** Camel has a component of its own for https, which knows nothing of the settings of http. */
    @Test
    void shouldSetUpHttpsAsHttp() {
        drover.start();
        HttpComponent http = drover.context().getComponent("http", HttpComponent.class);
        HttpComponent https = drover.context().getComponent("https", HttpComponent.class);

        assertThat(https).isNotSameAs(http);
        assertThat(settings(https))
                .isEqualTo(settings(http))
                .containsEntry("connectionsPerRoute", 4)
                .containsEntry("followRedirects", false)
                .containsEntry("skipResponseHeaders", true);
        assertThat(https.getHttpClientConfigurer()).isInstanceOf(Destination.class);
    }

    private static Map<String, Object> settings(HttpComponent component) {
        return Map.of(
                "connectTimeout", component.getConnectTimeout(),
                "connectionRequestTimeout", component.getConnectionRequestTimeout(),
                "soTimeout", component.getSoTimeout(),
                "responseTimeout", component.getResponseTimeout(),
                "connectionsPerRoute", component.getConnectionsPerRoute(),
                "followRedirects", component.isFollowRedirects(),
                "automaticRetriesDisabled", component.isAutomaticRetriesDisabled(),
                "cookieManagementDisabled", component.isCookieManagementDisabled(),
                "skipControlHeaders", component.isSkipControlHeaders(),
                "skipResponseHeaders", component.isSkipResponseHeaders());
    }

    private void keepsEverythingAndAlarmsOnce(String url, String reason) {
        // Given
        drover.set("drover.orders.url", url).set("drover.delivery.deadline", 20_000);
        try (Logs logs = new Logs()) {

            // When
            drover.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> !logs.errors().isEmpty());
            drover.stop();

            // Then
            assertThat(logs.errors()).singleElement().asString().contains("orders", reason);
        }
        assertThat(source.column("SELECT pipeline FROM drover_checkpoint WHERE cursor_json IS NOT NULL"))
                .isEmpty();
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
    }

    private void failsAtFirst(WireMockServer between, ResponseDefinitionBuilder fault) {
        URI url = URI.create(receiver.url());
        between.stubFor(any(anyUrl())
                .atPriority(2)
                .willReturn(aResponse().proxiedFrom(url.getScheme() + "://" + url.getAuthority())));
        String state = Scenario.STARTED;
        for (int i = 1; i <= FAULTS; i++) {
            String next = "failed " + i;
            between.stubFor(post(anyUrl())
                    .atPriority(1)
                    .inScenario("faults")
                    .whenScenarioStateIs(state)
                    .willSetStateTo(next)
                    .willReturn(fault));
            state = next;
        }
    }

    @Test
    void shouldReadNoMoreOfAnAnswerThanItsLimitWhenItIsHuge() throws IOException {
        // Given
        long huge = 256L << 20;
        AtomicLong written = new AtomicLong();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, huge, written));
        server.start();
        drover.set(
                        "drover.orders.url",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/orders")
                .set("drover.delivery.answerLimit", 4096);
        try {
            // When
            drover.start();
            drover.awaitEnd();

            // Then
            assertThat(drover.checkpoint()).isEqualTo("id=" + ROWS);
            assertThat(written.get()).isLessThan(huge / 2);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    /** Each byte begins the time-outs of the socket anew. */
    @Test
    void shouldEndAnAttemptAtItsDeadlineWhenTheAnswerDribbles() throws IOException {
        // Given
        AtomicLong requests = new AtomicLong();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> dribble(exchange, requests.incrementAndGet() <= FAULTS));
        server.start();
        drover.set(
                "drover.orders.url", "http://127.0.0.1:" + server.getAddress().getPort() + "/orders");
        try {
            // When
            drover.start();
            drover.awaitEnd();

            // Then
            assertThat(drover.checkpoint()).isEqualTo("id=" + ROWS);
            assertThat(requests.get()).isGreaterThanOrEqualTo(ROWS / 100 + FAULTS);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    /** A success whose end never comes says nothing: no WireMock can tell these lies. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "shorter than it says; HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nabc",
                "ended after its headers; HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\n",
                "ended after the headers of its chunks; HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n",
                "ended within a chunk; HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n9\\r\\nabc",
                "ended within its headers; HTTP/1.1 200 OK\\r\\nContent-"
            })
    void shouldSendTheBatchAgainWhenTheAnswerEndsBeforeItsEnd(String name, String answer) throws Exception {
        // Given
        String liar = answer.replace("\\r", "\r").replace("\\n", "\n");
        HttpClient onward = HttpClient.newHttpClient();
        AtomicInteger lies = new AtomicInteger();
        try (Verdict verdict = new Verdict(source, receiver);
                RawServer server = RawServer.start(request -> {
                    if (lies.incrementAndGet() <= FAULTS) {
                        return liar;
                    }
                    onward.send(
                            HttpRequest.newBuilder(URI.create(receiver.url()))
                                    .POST(HttpRequest.BodyPublishers.ofString(request))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
                    return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                })) {
            drover.set("drover.orders.url", server.url());

            // When
            drover.start();
            drover.awaitEnd();

            // Then
            verdict.assertEachOnce(drover);
        }
        assertThat(lies).hasValue(ROWS / 100 + FAULTS);
    }

    private static void dribble(HttpExchange exchange, boolean slowly) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; slowly && i < 1000; i++) {
                out.write('.');
                out.flush();
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, long bytes, AtomicLong written) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, bytes);
        byte[] some = new byte[1 << 16];
        try (OutputStream out = exchange.getResponseBody()) {
            for (long sent = 0; sent < bytes; sent += some.length) {
                out.write(some);
                written.addAndGet(some.length);
            }
        }
    }
}
