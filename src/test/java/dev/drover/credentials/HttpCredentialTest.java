package dev.drover.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.drover.testing.Site;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpCredentialTest {

    private static final String TOKEN = "tok3n-of-the-billing-service";

    private final Site site = new Site();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void shouldSendUserAndPasswordWhenTheyAreBasic() throws IOException {
        // Given
        BasicCredentials basic = new BasicCredentials();
        basic.setUsername("drover");
        basic.setPassword(file("pässword:1"));

        // When
        post(basic);

        // Then
        assertThat(site.last().header("Authorization")).contains("Basic ZHJvdmVyOnDDpHNzd29yZDox");
    }

    @Test
    void shouldSendTheTokenAsItIsNowWhenItsFileChanges() throws IOException {
        // Given
        BearerToken bearer = bearer();
        post(bearer);
        file("tok3n-of-tomorrow");

        // When
        post(bearer);

        // Then
        assertThat(site.requests())
                .extracting(request -> request.header("Authorization").orElse(""))
                .containsExactly("Bearer " + TOKEN, "Bearer tok3n-of-tomorrow");
    }

    @Test
    void shouldSendTheKeyInItsHeaderWhenItIsAnApiKey() throws IOException {
        // Given
        ApiKey key = new ApiKey();
        key.setHeader("X-Billing");
        key.setKey(file(TOKEN));

        // When
        post(key);

        // Then
        assertThat(site.last().header("X-Billing")).contains(TOKEN);
    }

    @Test
    void shouldFailTheAttemptWithoutShowingAnythingWhenThereIsNoSecret() {
        // Given
        BearerToken bearer = new BearerToken();
        bearer.setToken("file:" + folder.resolve("not-there"));

        // When
        assertThatThrownBy(() -> post(bearer)).isInstanceOf(IOException.class).hasMessageContaining("not-there");

        // Then
        assertThat(site.requests()).isEmpty();
    }

    @Test
    void shouldSendNothingToAnotherAddressWhenItIsRedirected() throws IOException {
        // Given
        try (Site other = new Site()) {
            site.answers(request -> new Site.Answer(307, Map.of("Location", other.url()), new byte[0]));

            // When
            post(bearer());

            // Then
            assertThat(site.last().header("Authorization")).isPresent();
            assertThat(other.last().header("Authorization")).isEmpty();
        }
    }

    @Test
    void shouldCoverWhatTheAnswerRepeatsWhenItIsPacked() throws IOException {
        // Given
        site.answers(request -> {
            String sent = request.header("Authorization").orElse("");
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(("no: " + sent).getBytes(StandardCharsets.UTF_8));
            }
            return new Site.Answer(
                    400,
                    Map.of("Content-Encoding", "gzip", "X-Echo", sent, "WWW-Authenticate", sent),
                    packed.toByteArray());
        });

        // When
        Client.Seen seen = post(bearer());

        // Then
        assertThat(seen.toString()).doesNotContain(TOKEN);
        assertThat(seen.body()).isEqualTo("no: Bearer " + "*".repeat(TOKEN.length()));
    }

    @Test
    void shouldCoverTheSameWhenAnotherWrapsTheAnswerTooInEitherOrder() throws IOException {
        // Given
        site.answers(
                request -> Site.Answer.of(400, request.header("Authorization").orElse("")));
        BearerToken bearer = bearer();

        // When
        try (Client first = new Client(bearer, HttpCredentialTest::wrap);
                Client last = new Client(HttpCredentialTest::wrap, bearer)) {

            // Then
            assertThat(first.post(site.url()).body()).isEqualTo("Bearer " + "*".repeat(TOKEN.length()));
            assertThat(last.post(site.url()).body()).isEqualTo("Bearer " + "*".repeat(TOKEN.length()));
        }
    }

    @Test
    void shouldShowNoSecretWhenTheAnswerIsNotHttp() throws Exception {
        // Given
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Client client = new Client(bearer())) {
            Thread answering = new Thread(() -> {
                try (var socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\n" + TOKEN + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            answering.start();

            // When
            Throwable failure = catchThrowable(() -> client.post("http://127.0.0.1:" + server.getLocalPort() + "/"));

            // Then
            assertThat(failure).isInstanceOf(IOException.class);
            assertThat(failure).hasStackTraceContaining("****");
            assertThat(Throwables.getStackTrace(failure)).doesNotContain(TOKEN);
            answering.join();
        }
    }

    /** Whoever carries the bytes to a destination of https learns its name and port, and nothing else. */
    @Test
    void shouldNotEvenAskForTheSecretWhenAProxyOpensNoTunnel() throws Exception {
        // Given
        BearerToken unknown = new BearerToken();
        unknown.setToken("file:" + folder.resolve("not-there"));
        List<String> heads = new CopyOnWriteArrayList<>();
        try (var proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Client known = new Client(bearer(), client -> client.setProxy(proxyAt(proxy)));
                Client missing = new Client(unknown, client -> client.setProxy(proxyAt(proxy)))) {
            Thread refusing = new Thread(() -> refuseTunnels(proxy, heads, 2));
            refusing.start();

            // When
            int first = known.post("https://billing.invalid/orders").status();
            int second = missing.post("https://billing.invalid/orders").status();
            refusing.join();

            // Then
            assertThat(List.of(first, second)).containsOnly(403);
            assertThat(heads).hasSize(2).allSatisfy(head -> assertThat(head)
                    .startsWith("CONNECT billing.invalid:443 ")
                    .doesNotContainIgnoringCase("authorization", TOKEN));
        }
    }

    private static HttpHost proxyAt(ServerSocket proxy) {
        return new HttpHost("127.0.0.1", proxy.getLocalPort());
    }

    private static void refuseTunnels(ServerSocket proxy, List<String> heads, int tunnels) {
        for (int i = 0; i < tunnels; i++) {
            try (var socket = proxy.accept()) {
                byte[] head = new byte[4096];
                int length = socket.getInputStream().read(head);
                heads.add(new String(head, 0, length, StandardCharsets.US_ASCII));
                socket.getOutputStream()
                        .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void wrap(HttpClientBuilder client) {
        client.addExecInterceptorFirst("wrap", (request, scope, chain) -> {
            ClassicHttpResponse answer = chain.proceed(request, scope);
            answer.setEntity(new HttpEntityWrapper(answer.getEntity()));
            return answer;
        });
    }

    private Client.Seen post(HttpCredential credential) throws IOException {
        try (Client client = new Client(credential)) {
            return client.post(site.url());
        }
    }

    private BearerToken bearer() throws IOException {
        BearerToken bearer = new BearerToken();
        bearer.setToken(file(TOKEN));
        return bearer;
    }

    private String file(String secret) throws IOException {
        return "file:" + Files.writeString(folder.resolve("secret"), secret + "\n");
    }
}
