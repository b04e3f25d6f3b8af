package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import dev.drover.testing.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class CredentialsTest {

    private final Site login = new Site()
            .answers(request -> Site.Answer.of(200, "{\"access_token\":\"token-of-drover\",\"expires_in\":3600}"));
    private final Site billing = new Site();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder, @TempDir Path secrets) throws IOException {
        bench = new Bench(folder, "credentials.camel.yaml")
                .users(ROWS)
                .address("drover.billing.url", billing.url() + "users")
                .address("drover.login.url", login.url() + "token")
                .address("drover.billing.secret", "file:" + Files.writeString(secrets.resolve("billing"), "s3cret"));
    }

    @AfterEach
    void tearDown() {
        login.close();
        billing.close();
        bench.close();
    }

    @Test
    void shouldSendEachBatchWithTheTokenOfOneLoginWhenTheServiceAsksForIt() {
        // When
        try (Example example = bench.run()) {
            example.awaitCheckpoint("users-with-login", ROWS);
        }

        // Then
        assertThat(billing.requests()).hasSizeGreaterThan(1).allSatisfy(request -> assertThat(
                        request.header("Authorization"))
                .contains("Bearer token-of-drover"));
        assertThat(login.requests()).hasSize(1);
        assertThat(bench.deadLetters()).isEmpty();
    }
}
