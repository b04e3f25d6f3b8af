package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code drover run} and {@code drover lint} say of credentials that cannot be used: one line, exit code 2. */
class CredentialsStartTest {

    private final StringWriter shown = new StringWriter();

    @TempDir
    Path folder;

    @BeforeEach
    void copyRoutes() throws IOException {
        Files.copy(Path.of("src/test/routes/lint/clean/orders.camel.yaml"), folder.resolve("orders.camel.yaml"));
        Files.write(
                folder.resolve("application.properties"),
                List.of(
                        "drover.source.url = jdbc:h2:mem:start;INIT=CREATE TABLE IF NOT EXISTS orders (id BIGINT PRIMARY KEY\\,"
                                + " customer VARCHAR(9))",
                        "drover.store.url = jdbc:h2:" + folder.resolve("store"),
                        "drover.orders.url = http://127.0.0.1:1/orders"));
    }

    @Test
    void shouldRefuseToRunWhenTheVariableIsNotThere() throws IOException {
        // Given
        credential("BearerToken", "token: \"env:DROVER_NO_SUCH_VARIABLE\"");

        // When
        int exitCode = drover("run", "--drain");

        // Then
        assertOneLine(exitCode, "token: bean billing: the environment has no variable DROVER_NO_SUCH_VARIABLE; set it");
        assertThat(drover("lint")).isZero();
    }

    @Test
    void shouldRefuseToRunWhenTheFileIsNotThere() throws IOException {
        // Given
        credential("ClientCertificate", "keyStore: /no/such.p12\n        password: \"env:PATH\"");

        // When
        int exitCode = drover("run", "--drain");

        // Then
        assertThat(shown.toString())
                .isEqualTo(folder + "/credentials.camel.yaml:5: keyStore: bean billing:"
                        + " there is no file /no/such.p12; mount it\n");
        assertThat(exitCode).isEqualTo(2);
    }

    @Test
    void shouldRefuseToRunWithoutShowingItWhenTheSecretIsWrittenDown() throws IOException {
        // Given
        credential("BasicCredentials", "username: drover\n        password: s3cret");

        // When
        int exitCode = drover("run", "--drain");

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(shown.toString())
                .startsWith(folder + "/credentials.camel.yaml:6: password: bean billing: a secret is not written here")
                .doesNotContain("s3cret");
    }

    @Test
    void shouldAskForTheSettingAloneWhenTheReferenceIsOne() throws IOException {
        // Given
        credential("BearerToken", "token: \"{{billing.token}}\"");

        // When
        int exitCode = drover("lint");

        // Then
        assertThat(shown.toString().lines())
                .singleElement()
                .asString()
                .startsWith("note: ")
                .contains(
                        "/credentials.camel.yaml:5: billing.token: has no value; set BILLING_TOKEN in the environment");
        assertThat(exitCode).isZero();
    }

    @Test
    void shouldRunWhenTheSecretIsThere() throws IOException {
        // Given
        Files.writeString(folder.resolve("token"), "s3cret\n");
        credential("BearerToken", "token: \"file:" + folder.resolve("token") + "\"");

        // When
        int exitCode = drover("run", "--drain");

        // Then
        assertThat(exitCode).as(shown.toString()).isZero();
    }

    private void assertOneLine(int exitCode, String line) {
        assertThat(shown.toString().lines()).singleElement().asString().contains("/credentials.camel.yaml:5: " + line);
        assertThat(exitCode).isEqualTo(2);
    }

    private void credential(String type, String properties) throws IOException {
        Files.writeString(
                folder.resolve("credentials.camel.yaml"),
                "- beans:\n    - name: billing\n      type: dev.drover.credentials." + type
                        + "\n      properties:\n        " + properties + "\n");
    }

    private int drover(String... command) {
        PrintWriter out = new PrintWriter(shown, true);
        String[] all = Stream.concat(Arrays.stream(command), Stream.of("--routes", folder.toString()))
                .toArray(String[]::new);
        return Main.commandLine().setOut(out).setErr(out).execute(all);
    }
}
