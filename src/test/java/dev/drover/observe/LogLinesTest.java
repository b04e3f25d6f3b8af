package dev.drover.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The very configuration of the program: one event is one line, whatever is in its values. */
class LogLinesTest {

    private static final String FORGED = "id='1\r\n2026-01-01T00:00:00.000Z ERROR Alarm \u0007\"forged\" \n'";

    @Test
    void shouldStayOneLineOfTextWhenAValueHasLineEnds() throws Exception {
        // When
        List<String> lines = logged("text");

        // Then
        assertThat(lines)
                .hasSize(2)
                .first()
                .asString()
                .endsWith("WARN  PageLoop orders: goes on after id='1 2026-01-01T00:00:00.000Z ERROR Alarm"
                        + " \u0007\"forged\"  ' java.io.IOException: first second");
        assertThat(lines.get(1)).endsWith("INFO  PageLoop orders: all is well");
    }

    @Test
    void shouldStayOneJsonObjectWhenAValueHasLineEnds() throws Exception {
        // When
        List<String> lines = logged("json");

        // Then
        assertThat(lines).hasSize(2);
        JsonNode json = new ObjectMapper().readTree(lines.get(0));
        assertThat(json.path("pipeline").asText()).isEqualTo("orders");
        assertThat(json.path("message").asText()).isEqualTo("orders: goes on after " + FORGED);
        assertThat(json.path("error").asText()).isEqualTo("java.io.IOException: first\nsecond");
        assertThat(json.path("logger").asText()).isEqualTo("dev.drover.pages.PageLoop");
        assertThat(json.path("level").asText()).isEqualTo("WARN");
    }

    private static List<String> logged(String format) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setErr(captured);
            context.putProperty("DROVER_LOG_FORMAT", format);
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
            context.getLogger("dev.drover.pages.PageLoop")
                    .warn("{}: goes on after {}", "orders", FORGED, new IOException("first\nsecond"));
            context.getLogger("dev.drover.pages.PageLoop").info("{}: all is well", "orders");
        } finally {
            System.setErr(before);
            context.stop();
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
