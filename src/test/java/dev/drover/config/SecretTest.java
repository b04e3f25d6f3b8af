package dev.drover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

    @TempDir
    Path folder;

    @Test
    void shouldReadTheVariableWhenTheEnvironmentHasIt() throws IOException {
        assertThat(Secret.of("env:PATH").value()).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void shouldDropTheLastLineBreakWhenItComesFromAFile() throws IOException {
        assertThat(file("s3cret value \n").value()).isEqualTo("s3cret value ");
        assertThat(file("s3cret\r\n").value()).isEqualTo("s3cret");
    }

    @Test
    void shouldReadAgainWhenTheFileChanges() throws IOException {
        // Given
        Secret secret = file("first\n");
        assertThat(secret.value()).isEqualTo("first");

        // When
        file("other\n");

        // Then
        assertThat(secret.value()).isEqualTo("other");
    }

    @Test
    void shouldTakeAFileForASettingWhenAVariableNamesIt() {
        // Given
        Properties settings = new Properties();

        // When
        Secret.takeFiles(
                Map.of(
                        "DROVER_SOURCE_PASSWORD_FILE", "/run/secrets/source",
                        "DROVER_STORE_PASSWORD_FILE", " ",
                        "DROVER_MANAGEMENT_TOKEN", "",
                        "DROVER_MANAGEMENT_TOKEN_FILE", "/run/secrets/token"),
                settings);

        // Then
        assertThat(settings)
                .containsOnly(
                        entry("drover.source.password", "file:/run/secrets/source"),
                        entry("drover.management.token", "file:/run/secrets/token"));
    }

    @Test
    void shouldRefuseAVariableForTheFileWhenThereIsOneForTheSecret() {
        // Given
        Map<String, String> both =
                Map.of("DROVER_STORE_PASSWORD_FILE", "/run/secrets/store", "DROVER_STORE_PASSWORD", "s3cret");

        // Then
        assertThatThrownBy(() -> Secret.takeFiles(both, new Properties()))
                .hasMessage("DROVER_STORE_PASSWORD_FILE: DROVER_STORE_PASSWORD is set too; set one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret-token", "", "env:", "env:s3cret token", "file:", "ENV:TOKEN", "https://s3cret"})
    void shouldRefuseWithoutShowingItWhenItIsNoReference(String literal) {
        // When
        Secret secret = Secret.of(literal);

        // Then
        assertThat(secret.problem())
                .hasValueSatisfying(text -> assertThat(text).contains("env:").doesNotContain("s3cret"));
        assertThat(secret.toString()).doesNotContain("s3cret");
        assertThatThrownBy(secret::value).isInstanceOf(IOException.class).hasMessageNotContaining("s3cret");
    }

    @Test
    void shouldNameThePlaceAndNothingElseWhenThereIsNoValue() throws IOException {
        assertThatThrownBy(Secret.of("env:DROVER_NO_SUCH_VARIABLE")::value)
                .hasMessage("the environment has no variable DROVER_NO_SUCH_VARIABLE; set it");
        assertThatThrownBy(Secret.of("file:/no/such/file")::value)
                .hasMessage("there is no file /no/such/file; mount it");
        assertThatThrownBy(file("\n")::value).hasMessageEndingWith("is empty");
        assertThatThrownBy(file("s3cret\nX-Other: 1\n")::value)
                .hasMessageContaining("line break")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(Secret.of("file:" + folder)::value).isInstanceOf(IOException.class);
    }

    private Secret file(String text) throws IOException {
        return Secret.of("file:" + Files.writeString(folder.resolve("secret"), text));
    }
}
