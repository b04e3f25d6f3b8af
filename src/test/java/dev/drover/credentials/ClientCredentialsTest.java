package dev.drover.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.drover.testing.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCredentialsTest {

    private static final String SECRET = "cl1ent/secret+of=billing";

    private final AtomicInteger issued = new AtomicInteger();
    private final Site login = new Site();
    private final Site site = new Site();
    private final ClientCredentials credentials = new ClientCredentials();
    private Client client;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        login.answers(request -> issue());
        credentials.setTokenUrl(login.url() + "token?tenant=hidden");
        credentials.setClientId("drover client");
        credentials.setClientSecret("file:" + Files.writeString(folder.resolve("secret"), SECRET + "\n"));
        credentials.setTimeout(Duration.ofSeconds(30));
        client = new Client(credentials);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        site.close();
        login.close();
    }

    @Test
    void shouldAskForATokenThroughTheProxyOfThisProcess() throws IOException {
        // Given
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), URI.create(login.url()).getPort())));
        credentials.setTokenUrl("http://login.invalid/token");
        try {
            // When
            client.post(site.url());
        } finally {
            ProxySelector.setDefault(before);
        }

        // Then
        assertThat(login.requests()).hasSize(1);
    }

    @Test
    void shouldAskAsTheStandardSaysWhenATokenIsNeeded() throws IOException {
        // Given
        credentials.setScope("orders:write orders:read");
        credentials.setAudience("https://billing.example.org");
        credentials.setResource("https://billing.example.org/orders");

        // When
        client.post(site.url());
        client.post(site.url());

        // Then
        assertThat(site.requests())
                .extracting(request -> request.header("Authorization").orElse(""))
                .containsExactly("Bearer access-token-1", "Bearer access-token-1");
        assertThat(login.requests()).singleElement().satisfies(request -> {
            String pair = "drover+client:cl1ent%2Fsecret%2Bof%3Dbilling";
            assertThat(request.header("Authorization"))
                    .contains("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
            assertThat(fields(request))
                    .containsExactly(
                            "grant_type=client_credentials",
                            "scope=orders:write orders:read",
                            "audience=https://billing.example.org",
                            "resource=https://billing.example.org/orders");
        });
    }

    @Test
    void shouldSendTheSecretInTheFormWhenItIsToldSo() throws IOException {
        // Given
        credentials.setSecretInBody(true);

        // When
        client.post(site.url());

        // Then
        assertThat(login.last().header("Authorization")).isEmpty();
        assertThat(fields(login.last()))
                .containsExactly("grant_type=client_credentials", "client_id=drover client", "client_secret=" + SECRET);
    }

    @Test
    void shouldAskOnceWhenSixteenWorkersNeedAToken() throws Exception {
        // Given
        CountDownLatch together = new CountDownLatch(16);
        CountDownLatch answer = new CountDownLatch(1);
        login.answers(request -> {
            answer.await();
            return issue();
        });
        ExecutorService workers = Executors.newFixedThreadPool(16);
        List<Future<Client.Seen>> seen = new ArrayList<>();

        // When
        for (int worker = 0; worker < 16; worker++) {
            seen.add(workers.submit(() -> {
                together.countDown();
                together.await();
                return client.post(site.url());
            }));
        }
        together.await();
        Thread.sleep(200); // for a second one to be asked for, if it were
        answer.countDown();

        // Then
        for (Future<Client.Seen> each : seen) {
            assertThat(each.get().status()).isEqualTo(200);
        }
        assertThat(login.requests()).hasSize(1);
        assertThat(site.requests())
                .hasSize(16)
                .allMatch(request -> request.header("Authorization").orElse("").equals("Bearer access-token-1"));
        workers.shutdownNow();
    }

    @Test
    void shouldAskAgainForTheNextAttemptWhenTheDestinationRefusesTheToken() throws IOException {
        // Given
        site.answers(request -> request.header("Authorization").orElse("").endsWith("token-1")
                ? Site.Answer.of(401, "the token " + request.header("Authorization") + " was revoked")
                : Site.Answer.of(200, "{}"));

        // When
        Client.Seen refused = client.post(site.url());
        Client.Seen accepted = client.post(site.url());

        // Then
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).startsWith("the token").doesNotContain("access-token");
        assertThat(accepted.status()).isEqualTo(200);
        assertThat(login.requests()).hasSize(2);
    }

    @Test
    void shouldAskAgainWhenTheTokenHasExpired() throws IOException {
        // Given
        login.answers(request -> Site.Answer.of(
                200, "{\"access_token\":\"access-token-" + issued.incrementAndGet() + "\",\"expires_in\":0}"));

        // When
        client.post(site.url());
        client.post(site.url());

        // Then
        assertThat(site.last().header("Authorization")).contains("Bearer access-token-2");
    }

    @Test
    void shouldFailWhileTheTokenEndpointIsDownAndGoOnWhenItIsUp() throws IOException {
        // Given
        int port = login.port();
        login.close();
        assertThatThrownBy(() -> client.post(site.url()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("http://127.0.0.1:" + port + "/token cannot be reached");
        assertThat(site.requests()).isEmpty();

        // When
        try (Site again = new Site(port).answers(request -> issue())) {

            // Then
            assertThat(client.post(site.url()).status()).isEqualTo(200);
            assertThat(again.requests()).hasSize(1);
        }
    }

    @Test
    void shouldShowNoSecretWhenTheTokenEndpointRepeatsIt() {
        // Given
        login.answers(request -> Site.Answer.of(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"" + SECRET + request.header("Authorization")
                        + "\"}"));

        // When
        Throwable failure = catchThrowable(() -> client.post(site.url()));

        // Then
        assertThat(failure)
                .isInstanceOf(IOException.class)
                .hasMessage("the token endpoint " + login.url() + "token answered with status 401 and invalid_client");
        assertThat(Throwables.getStackTrace(failure)).doesNotContain(SECRET, "hidden", "Basic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "not JSON",
                "{}",
                "{\"access_token\":\"\"}",
                "{\"access_token\":\"line\\nbreak\"}",
                "{\"access_token\":\"abc\",\"token_type\":\"mac\"}"
            })
    void shouldFailTheAttemptWhenTheAnswerHasNoTokenForIt(String body) {
        // Given
        login.answers(request -> Site.Answer.of(200, body));

        // Then
        assertThatThrownBy(() -> client.post(site.url()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the token endpoint")
                .hasMessageContaining("answered with");
        assertThat(site.requests()).isEmpty();
    }

    @Test
    void shouldFailTheAttemptWhenTheAnswerIsTooLong() {
        // Given
        login.answers(
                request -> Site.Answer.of(200, "{\"access_token\":\"abc\",\"x\":\"" + "x".repeat(70_000) + "\"}"));

        // Then
        assertThatThrownBy(() -> client.post(site.url()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be reached or read");
        assertThat(site.requests()).isEmpty();
    }

    @Test
    void shouldFailTheAttemptWhenTheAnswerDoesNotCome() {
        // Given
        credentials.setTimeout(Duration.ofMillis(200));
        login.answers(request -> {
            Thread.sleep(60_000);
            return issue();
        });

        // Then
        assertThatThrownBy(() -> client.post(site.url())).isInstanceOf(IOException.class);
    }

    @Test
    void shouldFollowNoRedirectWhenTheTokenEndpointSendsOne() {
        // Given
        try (Site other = new Site().answers(request -> issue())) {
            login.answers(request -> new Site.Answer(307, Map.of("Location", other.url()), new byte[0]));

            // Then
            assertThatThrownBy(() -> client.post(site.url())).hasMessageContaining("status 307");
            assertThat(other.requests()).isEmpty();
        }
    }

    private Site.Answer issue() {
        return Site.Answer.of(
                200,
                "{\"access_token\":\"access-token-" + issued.incrementAndGet()
                        + "\",\"token_type\":\"bearer\",\"expires_in\":3600}");
    }

    private static List<String> fields(Site.Request request) {
        return List.of(request.text().split("&")).stream()
                .map(field -> URLDecoder.decode(field, StandardCharsets.UTF_8))
                .toList();
    }
}
