package dev.drover.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets past the token of the management port, however the path is written; and no other site acts here. */
@Integration
class GuardTest {

    private static final String TOKEN = "correct horse";
    private static final ManagementPort GUARDED = new ManagementPort();
    private static final ManagementPort OPEN = new ManagementPort();
    private static final String REPLAY = "POST /console/replay HTTP/1.1";
    private static final String ACTION =
            "Content-Type: application/json\r\nX-Drover-Console: 1\r\nContent-Length: 2\r\n%s\r\n{}";

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Receiver receiver;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Drover guarded;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Drover open;

    @SuppressWarnings("NullAway.Init") // set before the tests
    private static CompletableFuture<Boolean> cut;

    private static final Executor OWN_THREAD = work -> new Thread(work).start();
    private static final Database STORE = Database.h2();

    @BeforeAll
    static void start() {
        receiver = Receiver.start("id");
        guarded = GUARDED.of(drover(Database.h2()))
                .set("drover.management.token", TOKEN)
                .start();
        open = OPEN.of(drover(STORE)).start();
        cut = CompletableFuture.supplyAsync(GuardTest::isCut, OWN_THREAD);
    }

    /**
     * Whether the server closes a connection on which a request arrives so slowly that it never ends. At the port
     * without a token: at the other one a test opens so many connections that this one would be closed for that reason.
     */
    private static boolean isCut() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), OPEN.number())) {
            socket.getOutputStream().write("GET /console/status HTTP/1.1\r\nX: ".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 200; i++) {
                socket.getOutputStream().write('x');
                Thread.sleep(200);
            }
            return false;
        } catch (IOException e) {
            return true; // what is written to a connection that is closed fails
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @AfterAll
    static void stop() {
        guarded.close();
        open.close();
        receiver.close();
    }

    private static Drover drover(Database database) {
        return Drover.reading(database.orders(1, 10))
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .set("drover.source.consistency", "STATIC")
                .set("camel.management.healthCheckEnabled", true)
                .set("camel.management.infoEnabled", true)
                .sendingTo(receiver);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/console",
                "/console/",
                "/console/index.html",
                "/console/console.js",
                "/console/status",
                "/console/status/",
                "/console/dead-letters/orders",
                "//console/status",
                "/console//status",
                "/./console/status",
                "/x/../console/status",
                "/%63onsole/status",
                "/console%2Fstatus",
                "/console/status?x=/observe/health/live",
                "/console/status;x=1",
                "/console/status.",
                "/CONSOLE/STATUS",
                "/observe",
                "/observe/info",
                "/observe/info/",
                "/observe/health",
                "/observe/health/",
                "/observe/metrics",
                "/observe/health/live/",
                "/observe/health//live",
                "/observe/health/live/x",
                "/observe/health/live/../../info",
                "/observe/health/live/%2e%2e/%2e%2e/info",
                "/observe/health/%6cive",
                "/observe/health/live;x",
                "/observe/health/live.",
                "//observe/health/live",
                "/q/dev",
                "/nothing/of/ours"
            })
    void shouldAnswer401WhenThereIsNoToken(String path) throws IOException {
        // When
        String answer = ask(GUARDED, "GET " + path + " HTTP/1.1", "");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: Basic ", "content-length: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"})
    void shouldAnswer401ToEveryMethodWhenThereIsNoToken(String method) throws IOException {
        // When
        String action = ask(GUARDED, method + " /console/pause/orders HTTP/1.1", "Content-Length: 0\r\n");
        String probe = ask(GUARDED, method + " /observe/info HTTP/1.1", "Content-Length: 0\r\n");

        // Then
        assertThat(action).startsWith("HTTP/1.1 401 ");
        assertThat(probe).startsWith("HTTP/1.1 401 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer correct hors",
                "Bearer correct horse2",
                "Bearer ",
                "Bearer",
                "correct horse",
                "Basic",
                "Basic !!!",
                "Basic Y29ycmVjdCBob3JzZQ==",
                "Digest correct horse"
            })
    void shouldAnswer401WhenTheTokenIsAnother(String authorization) throws IOException {
        // When
        String answer = ask(GUARDED, "GET /console/status HTTP/1.1", "Authorization: " + authorization + "\r\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void shouldAnswerTheRightTokenFirstWhenWrongOnesAreTried() throws IOException {
        // Given
        List<Socket> guessing = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), GUARDED.number());
            socket.getOutputStream()
                    .write(("GET /console/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer guess" + i
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            guessing.add(socket);
        }

        // When
        String answer = ask(GUARDED, "GET /console/index.html HTTP/1.1", "Authorization: Bearer " + TOKEN + "\r\n");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(guessing.get(9).getInputStream().available()).isZero();
        for (Socket socket : guessing) {
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 401");
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{", "[]", "{\"ids\":[\"x\"]}", "\u0000"})
    void shouldAnswer400WhenWhatIsSentCannotBeRead(String body) throws IOException {
        // When
        String answer = ask(
                OPEN,
                REPLAY,
                "Content-Type: application/json\r\nX-Drover-Console: 1\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /% HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET console/status HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET ? HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "FO(O / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost:99999\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nnocolon\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: \u0001\r\n\r\n"
            })
    void shouldAnswer400AndLogNoErrorWhenARequestIsMalformed(String request) throws IOException {
        try (Logs logs = new Logs("ROOT")) {
            // When
            String atOpen = send(OPEN, request);
            String atGuarded = send(GUARDED, request);

            // Then
            assertThat(atOpen).matches("HTTP/1\\.[01] 400");
            assertThat(atGuarded).matches("HTTP/1\\.[01] 400");
            assertThat(logs.errors()).isEmpty();
        }
    }

    @Test
    void shouldLogNoErrorWhenARequestIsTooLargeOrCutOrMadeForAnotherServer() throws IOException {
        try (Logs logs = new Logs("ROOT")) {
            // When
            String longHeader = send(OPEN, "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
            String longPath = send(OPEN, "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String longBody = ask(OPEN, REPLAY, ACTION.formatted("").replace(": 2", ": 99999"));
            String wrongQuery = ask(OPEN, "GET /observe/health/live?exposureLevel=%zz HTTP/1.1", "");
            String escapedHost = ask(OPEN, "GET / HTTP/1.1", "", "a%41b.c");
            String strange = ask(OPEN, "FROBNICATE /console/status HTTP/1.1", ACTION.formatted(""));
            String head = ask(OPEN, "HEAD /console/ HTTP/1.1", "");
            String wrongChunk = send(
                    OPEN,
                    REPLAY + "\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Drover-Console: 1\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");

            // Then
            assertThat(longHeader).isEqualTo("HTTP/1.1 431");
            assertThat(longPath).endsWith(" 414");
            assertThat(longBody).startsWith("HTTP/1.1 413 ");
            assertThat(wrongQuery).startsWith("HTTP/1.1 400 ");
            assertThat(escapedHost).startsWith("HTTP/1.1 403 ");
            assertThat(strange).startsWith("HTTP/1.1 405 ");
            assertThat(head).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
            assertThat(wrongChunk).isEmpty();
            assertThat(logs.errors()).isEmpty();
        }
    }

    @Test
    void shouldCloseAConnectionWhenItsRequestNeverEnds() {
        // When
        boolean closed = cut.join();

        // Then
        assertThat(closed).isTrue();
    }

    @Test
    void shouldAnswerAProbeAndCloseTheOldestWhenHalfSentRequestsHoldAllConnections() throws IOException {
        // Given
        List<Socket> halfSent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), GUARDED.number());
            socket.getOutputStream().write("GET /console".getBytes(StandardCharsets.UTF_8));
            halfSent.add(socket);
        }

        // When
        String probe = ask(GUARDED, "GET /observe/health/live HTTP/1.1", "");
        Socket old = halfSent.get(80); // one of the hundred that are too many
        old.setSoTimeout(8_000); // a request that does not end may take ten
        int oldest = old.getInputStream().read();
        int youngest = halfSent.get(199).getInputStream().available();

        // Then
        assertThat(probe).startsWith("HTTP/1.1 200 ");
        assertThat(oldest).isEqualTo(-1);
        assertThat(youngest).isZero();
        for (Socket socket : halfSent) {
            socket.close();
        }
    }

    /** Has H2 hold back each reader of dead letters. */
    public static final class HeldBack implements Trigger {

        private static volatile CountDownLatch latch = new CountDownLatch(0);

        @Override
        public void fire(Connection connection, Object @Nullable [] before, Object @Nullable [] after) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void shouldAnswerAProbeAndReadNoMoreDeadLettersWhenTheStoreHoldsThemBack() throws Exception {
        // Given
        STORE.run(
                "CREATE TRIGGER held_back BEFORE SELECT ON drover_dead_letter CALL '" + HeldBack.class.getName() + "'");
        HeldBack.latch = new CountDownLatch(1);
        String letter = "GET /console/dead-letter/" + "0".repeat(64) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        List<Socket> waiting = new ArrayList<>();
        try {
            // When
            List<CompletableFuture<String>> letters = Stream.generate(
                            () -> CompletableFuture.supplyAsync(() -> status(letter), OWN_THREAD))
                    .limit(3)
                    .toList();
            Object first = CompletableFuture.anyOf(letters.toArray(CompletableFuture[]::new))
                    .join();
            for (int i = 0; i < 25; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), OPEN.number());
                socket.getOutputStream()
                        .write("GET /console/dead-letters/orders HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
                waiting.add(socket);
            }
            String probe = ask(OPEN, "GET /observe/health/live HTTP/1.1", "");
            HeldBack.latch.countDown();

            // Then
            assertThat(first).isEqualTo("HTTP/1.1 503");
            assertThat(probe).startsWith("HTTP/1.1 200 ");
            assertThat(letters)
                    .extracting(CompletableFuture::join)
                    .containsExactlyInAnyOrder("HTTP/1.1 503", "HTTP/1.1 404", "HTTP/1.1 404");
        } finally {
            HeldBack.latch.countDown();
            STORE.run("DROP TRIGGER held_back");
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    private static String status(String request) {
        try {
            return send(OPEN, request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldReadTheBeginningOfAPayloadOnlyWhenItIsLong() throws Exception {
        // Given
        String id = "1".repeat(64);
        STORE.run("INSERT INTO drover_dead_letter (id, pipeline, record_key, cursor_json, reason, payload) VALUES ('"
                + id + "', 'other', 'id=1', '{}', 'status 422', REPEAT('x', 70000))");

        // When
        String answer = ask(OPEN, "GET /console/dead-letter/" + id + " HTTP/1.1", "");

        // Then
        assertThat(answer).contains("\"payloadLength\" : 70000", "\"cut\" : true", "x".repeat(65_536));
        assertThat(answer).doesNotContain("x".repeat(65_537));
    }

    @Test
    void shouldLetARequestPassWhenItGivesTheToken() throws IOException {
        // Given
        String basic = Base64.getEncoder().encodeToString(("anyone:" + TOKEN).getBytes(StandardCharsets.UTF_8));

        // When
        String byBearer = ask(GUARDED, "GET /console/status HTTP/1.1", "Authorization: Bearer " + TOKEN + "\r\n");
        String byBasic = ask(GUARDED, "GET /console/ HTTP/1.1", "Authorization: Basic " + basic + "\r\n");
        String info = ask(GUARDED, "GET /observe/info HTTP/1.1", "Authorization: Bearer " + TOKEN + "\r\n");

        // Then
        assertThat(byBearer).startsWith("HTTP/1.1 200 ").contains("\"pipelines\"");
        assertThat(byBasic).startsWith("HTTP/1.1 200 ").contains("<title>Drover console</title>");
        assertThat(info).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldLetABrowserInByItsCookieAndNoPageOfAnotherSite() throws IOException {
        // Given
        String html = "Accept: text/html\r\n";
        String form = "Content-Length: %d\r\n\r\n%s";

        // When
        String root = ask(GUARDED, "GET / HTTP/1.1", html);
        String page = ask(GUARDED, "GET /console/ HTTP/1.1", html);
        String style = ask(GUARDED, "GET /console/console.css HTTP/1.1", html);
        String facts = ask(GUARDED, "GET /console/status HTTP/1.1", html);
        String wrong = ask(GUARDED, "POST /console/login HTTP/1.1", form.formatted(8, "token=%z"));
        String large = ask(GUARDED, "POST /console/login HTTP/1.1", form.formatted(9999, "token="));
        String right = ask(GUARDED, "POST /console/login HTTP/1.1", form.formatted(19, "token=correct+horse"));
        String cookie = "Cookie: " + right.replaceFirst("(?is).*\r\nset-cookie: ([^;]+);.*", "$1") + "\r\n";
        String known = ask(GUARDED, "GET /console/status HTTP/1.1", cookie);
        String foreign = ask(GUARDED, "POST /console/pause/orders HTTP/1.1", cookie + "Content-Length: 2\r\n\r\n{}");
        String forged = ask(GUARDED, "GET /console/status HTTP/1.1", cookie.replaceFirst("=.", "=x"));

        // Then
        assertThat(root).startsWith("HTTP/1.1 302 ").contains("Location: console/");
        assertThat(page)
                .startsWith("HTTP/1.1 200 ")
                .contains("action=\"login\"")
                .doesNotContain("pipeline");
        assertThat(style).startsWith("HTTP/1.1 200 ").contains("text/css");
        assertThat(facts).startsWith("HTTP/1.1 401 ");
        assertThat(wrong).startsWith("HTTP/1.1 403 ").doesNotContain("ookie: ");
        assertThat(large).startsWith("HTTP/1.1 413 ");
        assertThat(right).startsWith("HTTP/1.1 303 ").contains("HTTPOnly", "SameSite=Strict", "Location: ./");
        assertThat(known).startsWith("HTTP/1.1 200 ").contains("\"pipelines\"");
        assertThat(foreign).startsWith("HTTP/1.1 403 ");
        assertThat(forged).startsWith("HTTP/1.1 401 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/observe/health/live", "/observe/health/ready", "/observe/health/live?exposureLevel=full"})
    void shouldAnswerAProbeWithAStatusOnlyWhenThereIsNoToken(String path) throws IOException {
        // When
        String answer = ask(GUARDED, "GET " + path + " HTTP/1.1", "");

        // Then
        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .contains("content-length: 0")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:9876", "localhost.evil.example", "127.0.0.1.evil.example", ""})
    void shouldRefuseAnotherHostWhenThereIsNoTokenToGive(String host) throws IOException {
        // When
        String answer = ask(OPEN, "GET /console/status HTTP/1.1", "", host);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 403 ").doesNotContain("pipelines");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json\r\nContent-Length: 0\r\n",
                "X-Drover-Console: 1\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n",
                "X-Drover-Console: 1\r\nContent-Length: 0\r\n",
                "X-Drover-Console: 1\r\nContent-Type: application/json\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n",
                "X-Drover-Console: 1\r\nContent-Type: application/json\r\nOrigin: null\r\nContent-Length: 0\r\n",
                "X-Drover-Console: 1\r\nContent-Type: application/json\r\nOrigin: http://localhost:1\r\nContent-Length: 0\r\n",
                "X-Drover-Console: 1\r\nContent-Type: application/json\r\nSec-Fetch-Site: same-site\r\nContent-Length: 0\r\n"
            })
    void shouldRefuseAnActionWhenAnotherSiteMayHaveSentIt(String headers) throws IOException {
        // When
        String atOpen = ask(OPEN, "POST /console/pause/orders HTTP/1.1", headers);
        String atGuarded = ask(
                GUARDED, "POST /console/pause/orders HTTP/1.1", "Authorization: Bearer " + TOKEN + "\r\n" + headers);

        // Then
        assertThat(atOpen).startsWith("HTTP/1.1 403 ");
        assertThat(atGuarded).startsWith("HTTP/1.1 403 ");
    }

    /** With HTTP/2, one connection would carry a hundred guesses at a time. */
    @Test
    void shouldSpeakNoHttp2WhenAClientAsksForIt() {
        // When
        HttpResponse<String> atOpen = OPEN.get("/console/status");
        HttpResponse<String> atGuarded = GUARDED.get("/console/status");

        // Then
        assertThat(atOpen.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(atOpen.statusCode()).isEqualTo(200);
        assertThat(atGuarded.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(atGuarded.statusCode()).isEqualTo(401);
        assertThat(atGuarded.body()).isEmpty();
    }

    @Test
    void shouldActWhenTheRequestIsOfItsOwnPage() throws IOException {
        // Given
        String ours =
                ACTION.formatted("Origin: http://localhost:" + OPEN.number() + "\r\nSec-Fetch-Site: same-origin\r\n");

        // When
        String paused = ask(OPEN, "POST /console/pause/orders HTTP/1.1", ours);
        String again = ask(OPEN, "POST /console/pause/orders HTTP/1.1", ours);
        String resumed = ask(OPEN, "POST /console/resume/orders HTTP/1.1", ours);
        String unknown = ask(OPEN, "POST /console/pause/nobody HTTP/1.1", ours);

        // Then
        assertThat(paused).startsWith("HTTP/1.1 200 ");
        assertThat(again).startsWith("HTTP/1.1 409 ");
        assertThat(resumed).startsWith("HTTP/1.1 200 ");
        assertThat(unknown).startsWith("HTTP/1.1 409 ");
    }

    @Test
    void shouldForbidForeignCodeFramesAndCachesOnEveryAnswer() throws IOException {
        // When
        String page = ask(OPEN, "GET /console/ HTTP/1.1", "");
        String refusal = ask(GUARDED, "GET /console/ HTTP/1.1", "");

        // Then
        for (String answer : new String[] {page, refusal}) {
            assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                    .contains("content-security-policy: default-src 'self';", "frame-ancestors 'none'")
                    .contains("cache-control: no-store", "x-content-type-options: nosniff")
                    .doesNotContain("access-control-allow", "unsafe-inline");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/../logback.xml",
                "/console/%2e%2e/logback.xml",
                "/console/..%2flogback.xml",
                "/console/logback.xml",
                "/console/secret"
            })
    void shouldServeNoOtherFile(String path) throws IOException {
        // When
        String answer = ask(OPEN, "GET " + path + " HTTP/1.1", "");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 404 ").doesNotContain("appender");
    }

    private static String ask(ManagementPort port, String line, String headers) throws IOException {
        return ask(port, line, headers, "localhost:" + port.number());
    }

    /** As it is written, by a socket of its own: a client library would tidy the path. */
    private static String ask(ManagementPort port, String line, String headers, String host) throws IOException {
        String end = headers.contains("\r\n\r\n") ? "" : "\r\n";
        return send(port, line + "\r\nHost: " + host + "\r\nConnection: close\r\n" + headers + end);
    }

    private static String send(ManagementPort port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            boolean closes = request.contains("Connection: close");
            return new String(
                    closes
                            ? socket.getInputStream().readAllBytes()
                            : socket.getInputStream().readNBytes(12),
                    StandardCharsets.ISO_8859_1);
        }
    }
}
