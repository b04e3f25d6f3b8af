package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code new}, {@code doctor} and {@code plan} as processes: what they print, ask and exit with. */
@Integration
class FirstStepsTest {

    @TempDir
    Path folder;

    private Receiver receiver;
    private OrdersServer source;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start("id");
        source = new OrdersServer(folder, 40);
        environment = source.environment(receiver.url());
    }

    @AfterEach
    void stop() {
        source.close();
        receiver.close();
    }

    @Test
    void shouldExitWithZeroWhenTheDoctorFindsNothing() throws Exception {
        // When
        DroverProcess doctor = command("doctor", "--json");

        // Then
        assertThat(doctor.await()).isZero();
        assertThat(doctor.errors()).isEmpty();
        JsonNode reports = json(doctor);
        assertThat(reports.findValuesAsText("name")).containsExactly("store", "orders");
        JsonNode orders = reports.get(1);
        assertThat(orders.path("sql").asText()).contains("FROM orders WHERE id > ");
        assertThat(orders.path("after").asText()).isEqualTo("id=0");
        assertThat(orders.path("plan").size()).isPositive();
        assertThat(verdicts(orders))
                .containsEntry("source", "ok")
                .containsEntry("key", "ok")
                .containsEntry("index", "ok")
                .containsEntry("consistency", "ok")
                .containsEntry("destination", "ok")
                .doesNotContainValue("failed");
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void shouldExitWithOneWhenTheDoctorFindsAFailure() throws Exception {
        // Given
        receiver.close();

        // When
        DroverProcess doctor = command("doctor", "--json");

        // Then
        assertThat(doctor.await()).isEqualTo(1);
        assertThat(doctor.errors()).isEmpty();
        JsonNode orders = json(doctor).get(1);
        assertThat(verdicts(orders)).containsEntry("destination", "failed").containsEntry("source", "ok");
        assertThat(orders.path("checks").findValuesAsText("remedy"))
                .anySatisfy(remedy -> assertThat(remedy).isNotBlank());
    }

    @Test
    void shouldExitWithTwoWhenTheDoctorHasNoSource() throws Exception {
        // Given
        environment.remove("DROVER_SOURCE_URL");

        // When
        DroverProcess doctor = command("doctor", "--json");

        // Then
        assertThat(doctor.await()).isEqualTo(2);
        assertThat(doctor.output()).isEmpty();
        assertThat(doctor.errors()).singleElement().asString().contains("drover.source.url");
    }

    @Test
    void shouldSendNothingWhenAskedForAPlan() throws Exception {
        // When
        DroverProcess plan = command("plan", "--limit", "3");
        DroverProcess refused = command("plan", "--limit", "0");

        // Then
        assertThat(plan.await()).isZero();
        assertThat(plan.output()).anyMatch(line -> line.startsWith("curl ")).contains("# 1 request, none was sent");
        assertThat(String.join("", plan.output()))
                .contains("\"id\":3", receiver.url())
                .doesNotContain("\"id\":4");
        assertThat(receiver.requests()).isEmpty();
        assertThat(folder.resolve("data")).doesNotExist();
        assertThat(refused.await()).isEqualTo(2);
        assertThat(refused.errors()).singleElement().asString().startsWith("drover: --limit: 0 is not allowed");
    }

    @Test
    void shouldAskWhenThereIsATerminal() throws Exception {
        // When
        DroverProcess asked =
                DroverProcess.onTerminal(folder, environment, List.of("orders", "", receiver.url()), "new", "invoices");
        DroverProcess drained = DroverProcess.in(folder, environment, "run", "--drain");

        // Then
        assertThat(asked.await()).as("%s", asked.output()).isZero();
        assertThat(String.join("\n", asked.output()))
                .contains("Table to read: ", "Key columns (enter for the primary key): ", "URL of the service: ")
                .contains("wrote routes/invoices.camel.yaml");
        assertThat(drained.await()).isZero();
        assertThat(receiver.accepted()).hasSize(40);
    }

    @Test
    void shouldSayWhatIsMissingWhenNobodyAnswers() throws Exception {
        // When
        DroverProcess silent = DroverProcess.onTerminal(folder, environment, List.of("", ""), "new", "invoices");
        DroverProcess piped = DroverProcess.in(folder, environment, "new", "invoices", "--table", "orders");

        // Then
        assertThat(silent.await()).isEqualTo(2);
        assertThat(silent.output()).last().asString().endsWith("drover: --table: is needed");
        assertThat(piped.await()).isEqualTo(2);
        assertThat(piped.errors()).containsExactly("drover: --url: is needed");
        assertThat(folder.resolve("routes")).doesNotExist();
    }

    private DroverProcess command(String... words) throws Exception {
        return DroverProcess.command(folder, environment, words);
    }

    private static JsonNode json(DroverProcess command) throws Exception {
        return new ObjectMapper().readTree(String.join("\n", command.output()));
    }

    private static Map<String, String> verdicts(JsonNode report) {
        Map<String, String> verdicts = new HashMap<>();
        report.path("checks")
                .forEach(check -> verdicts.put(
                        check.path("check").asText(), check.path("verdict").asText()));
        return verdicts;
    }
}
