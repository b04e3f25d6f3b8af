package dev.drover.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.RouteFile;
import dev.drover.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver verifies with the reference library of Standard Webhooks. */
@Integration
class WebhookSignatureTest {

    private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String NEW = "whsec_c29tZSBvdGhlciBrZXkgb2YgMjQgYnl0";

    private final Site site = new Site();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void shouldBeAcceptedWhenTheSecretIsTheSame() throws IOException {
        // When
        send(signature(OLD), "batch-1", "[{\"id\":1,\"name\":\"Jürgen \\u2603 ☃\"}]");

        // Then
        assertAccepted(OLD);
        assertThat(site.last().header("webhook-id")).contains("batch-1");
        assertThatThrownBy(() -> verify(NEW, site.last())).isInstanceOf(Exception.class);
    }

    /** The receiver changes its secret when it likes, the sender before and after it: no request is refused. */
    @Test
    void shouldDeliverEachOrderOnceWhenTheSecretsChangeWhileAPipelineRuns() throws IOException {
        // Given
        Path secret = Files.writeString(folder.resolve("secret"), OLD);
        Path next = Files.writeString(folder.resolve("next"), NEW);
        AtomicInteger requests = new AtomicInteger();
        site.answers(request -> {
            int number = requests.incrementAndGet();
            verify(number <= 4 ? OLD : NEW, request);
            if (number == 8) {
                Files.writeString(secret, NEW);
            }
            return Site.Answer.of(200, "{}");
        });
        Database source = Database.h2().orders(1, 120);
        try (Drover drover = Drover.reading(source)) {
            drover.file(RouteFile.of("routes/orders.camel.yaml")
                            .replace(
                                    "httpMethod: POST",
                                    "httpMethod: POST\n              httpClientConfigurer: \"#signed\""))
                    .file(new RouteFile(
                            "signed.camel.yaml",
                            """
                            - beans:
                                - name: signature
                                  type: dev.drover.credentials.WebhookSignature
                                  properties:
                                    secrets: "file:%s,file:%s"
                                - name: signed
                                  type: dev.drover.delivery.Destination
                                  properties:
                                    credentials: "#signature"
                            """
                                    .formatted(secret, next)))
                    .set("drover.orders.url", site.url())
                    .set("drover.delivery.parallelism", 1)
                    .sizes(50, 10, 100)
                    .draining();

            // When
            drover.run();
        }

        // Then
        assertThat(site.requests()).hasSize(12);
        assertThat(source.column("SELECT settled FROM drover_checkpoint")).containsExactly("120");
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
        String[] last = site.last().header("webhook-signature").orElse("").split(" ", -1);
        assertThat(last).hasSize(2).containsOnly(last[0]);
    }

    @Test
    void shouldBeAcceptedByBothWhenTheSecretsAreChanged() throws IOException {
        // When
        send(signature(NEW, OLD), "batch-1", "[1]");

        // Then
        assertAccepted(OLD);
        assertAccepted(NEW);
        assertThat(site.last().header("webhook-signature").orElse("").split(" "))
                .hasSize(2);
    }

    @Test
    void shouldKeepTheIdAndSignAnewWhenItIsSentAgain() throws Exception {
        // Given
        WebhookSignature signature = signature(OLD);
        send(signature, "batch-1", "[1]");
        Thread.sleep(1100); // the timestamp has seconds

        // When
        send(signature, "batch-1", "[1]");

        // Then
        assertAccepted(OLD);
        assertThat(site.requests())
                .extracting(request -> request.header("webhook-id"))
                .containsOnly(Optional.of("batch-1"));
        assertThat(site.requests())
                .extracting(request -> request.header("webhook-timestamp"))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldFailTheAttemptWhenTheRequestHasNoKey() throws IOException {
        // Given
        WebhookSignature signature = signature(OLD);

        // Then
        assertThatThrownBy(() -> send(signature, "", "[1]"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Idempotency-Key");
        assertThat(site.requests()).isEmpty();
    }

    @Test
    void shouldRefuseTheSecretWithoutShowingItWhenItIsNoKey() throws IOException {
        assertThat(signature("MfKQ9r8GKYqr").missing()).singleElement().satisfies(problem -> assertThat(
                        problem.message())
                .endsWith("is not whsec_ followed by base64")
                .doesNotContain("MfKQ"));
        assertThat(signature("whsec_MfKQ~9").missing()).hasSize(1);
        assertThat(signature(OLD).missing()).isEmpty();
    }

    private void assertAccepted(String secret) {
        assertThat(site.requests()).isNotEmpty().allSatisfy(request -> assertThatCode(() -> verify(secret, request))
                .doesNotThrowAnyException());
    }

    private static void verify(String secret, Site.Request request) throws Exception {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        new Webhook(secret).verify(request.text(), headers);
    }

    private void send(WebhookSignature signature, String key, String body) throws IOException {
        try (Client client = new Client(signature)) {
            client.post(site.url(), key, body);
        }
    }

    private WebhookSignature signature(String... secrets) throws IOException {
        StringBuilder references = new StringBuilder();
        for (String secret : secrets) {
            Path file = Files.writeString(
                    folder.resolve("secret-" + Integer.toHexString(secret.hashCode())), secret + "\n");
            references.append(references.isEmpty() ? "" : ", ").append("file:").append(file);
        }
        WebhookSignature signature = new WebhookSignature();
        signature.setSecrets(references.toString());
        return signature;
    }
}
