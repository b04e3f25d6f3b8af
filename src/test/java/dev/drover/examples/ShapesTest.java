package dev.drover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.pages.Pipeline;
import dev.drover.testing.Integration;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that jq shapes, in both forms. */
@Integration
class ShapesTest {

    private static final int ROWS = 120;

    private final Receiver receiver = new Receiver();
    private Bench bench;

    @TempDir
    Path folder;

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldSendEachOrderInItsNewShape() {
        // Given
        bench("shapes.camel.yaml");

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();
        }

        // Then
        assertThat(receiver.acceptedIds()).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(receiver.accepted().get(0).records().get(49))
                .hasToString("{\"id\":50,\"customer\":{\"name\":\"unknown\"},\"lines\":[{\"product\":\"kettle\","
                        + "\"quantity\":1,\"price\":4.5}],\"total\":4.5,\"date\":\"2026-01-02\"}");
    }

    @Test
    void shouldSetARecordAsideWithItsKeyWhenTheExpressionFailsForIt() throws Exception {
        // Given
        bench("orders-table.camel.yaml");
        insertStep("orders-table.camel.yaml", "{id, name: (.customer // error(\"no customer\"))}");

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();
        }

        // Then
        assertThat(receiver.acceptedIds()).hasSize(ROWS - 2).doesNotContain(50L, 100L);
        assertThat(bench.deadLetters("reason"))
                .containsExactlyInAnyOrder(reason("id=50"), reason("id=100"))
                .isNotEmpty();
    }

    private static String reason(String key) {
        return "jq {id, name: (.customer // error(\"no customer\"))} failed for the record " + key
                + " (orders-table.camel.yaml:28): no customer (ExpressionEvaluationException)";
    }

    @Test
    void shouldHaltAndNameTheColumnWhenTheExpressionAsksForAnother() throws Exception {
        // Given
        bench("orders-table.camel.yaml");
        insertStep("orders-table.camel.yaml", "{id, name: .custommer}");

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();

            // Then
            assertThat(example.pipeline().state()).isEqualTo(Pipeline.State.HALTED);
            assertThat(example.pipeline().ledger().halted()).hasValueSatisfying(reason -> assertThat(reason)
                    .contains("asks for a column that is not read: the row has no column custommer"));
        }
        assertThat(receiver.arrived()).isEmpty();
    }

    private void bench(String example) {
        bench = new Bench(folder, example)
                .orders(ROWS)
                .address("drover.orders.url", receiver.url())
                .address("camel.component.pages.mode", "DRAIN");
    }

    /** Puts a step between the split and the aggregate. */
    private void insertStep(String file, String expression) throws Exception {
        String route = Files.readString(folder.resolve(file));
        Files.writeString(
                folder.resolve(file),
                route.replaceFirst(
                        "( +)- aggregate:",
                        "$1- setBody:\n$1    jq:\n$1      expression: '" + expression + "'\n$1- aggregate:"));
    }
}
