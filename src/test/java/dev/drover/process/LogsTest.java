package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.Integration;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process logs. */
@Integration
class LogsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void shouldWriteOneJsonObjectALineAndNonePerBatchWhenAskedForJson() throws Exception {
        // When
        List<String> lines;
        try (DroverProcess drover = DroverProcess.run(folder, Map.of("DROVER_LOG_FORMAT", "json"), "--demo")) {
            await().atMost(Duration.ofMinutes(1)).until(() -> settled() || !drover.isAlive());
            drover.terminate();
            lines = drover.errors();
        }

        // Then
        assertThat(lines).hasSizeBetween(1, 10).allSatisfy(line -> {
            JsonNode json = JSON.readTree(line);
            assertThat(Instant.parse(json.path("time").asText())).isNotNull();
            assertThat(json.path("level").asText()).isIn("INFO", "WARN");
            assertThat(json.path("logger").asText()).contains(".");
            assertThat(json.path("message").asText()).isNotEmpty();
        });
        assertThat(lines).anySatisfy(line -> assertThat(
                        JSON.readTree(line).path("pipeline").asText())
                .isEqualTo("orders"));
    }

    @Test
    void shouldNameWhatIsAllowedWhenTheFormatIsUnknown() throws Exception {
        // When
        DroverProcess drover = DroverProcess.command(folder, Map.of("DROVER_LOG_FORMAT", "xml"), "lint");

        // Then
        assertThat(drover.await()).isEqualTo(2);
        assertThat(drover.errors())
                .containsExactly("drover: DROVER_LOG_FORMAT: 'xml' is not allowed, it must be one of text, json");
    }

    private boolean settled() {
        String store = "jdbc:h2:file:" + folder.resolve("data/demo/store") + ";AUTO_SERVER=TRUE;IFEXISTS=TRUE";
        try (Connection connection = DriverManager.getConnection(
                        store, "drover", DroverProcess.password(folder, "data/demo/store"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT settled FROM drover_checkpoint")) {
            return row.next() && row.getLong(1) == 10_030;
        } catch (IOException | SQLException e) {
            return false; // not there yet
        }
    }
}
