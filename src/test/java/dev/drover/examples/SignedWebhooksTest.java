package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.drover.testing.Integration;
import dev.drover.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class SignedWebhooksTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final AtomicInteger unverified = new AtomicInteger();
    private final Site service = new Site().answers(this::verified);
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder, @TempDir Path secrets) throws IOException {
        bench = new Bench(folder, "signed-webhooks.camel.yaml")
                .orders(ROWS)
                .address("drover.orders.url", service.url() + "hook")
                .address("drover.webhook.secrets", "file:" + Files.writeString(secrets.resolve("webhook"), SECRET));
    }

    @AfterEach
    void tearDown() {
        service.close();
        bench.close();
    }

    @Test
    void shouldBeAcceptedByAServiceThatVerifiesEachRequest() {
        // When
        try (Example example = bench.run()) {
            example.awaitCheckpoint("signed-webhooks", ROWS);
        }

        // Then
        assertThat(service.requests()).hasSizeGreaterThan(ROWS / 50);
        assertThat(unverified).hasValue(0);
        assertThat(bench.deadLetters()).isEmpty();
    }

    private Site.Answer verified(Site.Request request) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        try {
            new Webhook(SECRET).verify(request.text(), headers);
            return Site.Answer.of(200, "{}");
        } catch (WebhookVerificationException e) {
            unverified.incrementAndGet();
            return Site.Answer.of(200, "{}");
        }
    }
}
