package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Items;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Changes that triggers write into a change log. */
abstract class ChangeLogSuite extends ChangesSuite {

    @Override
    protected Items items() {
        return new Items(source, receiver);
    }

    @Override
    protected String disabled() {
        return "the trigger items_changes_";
    }

    @Override
    protected Double rowsAhead() {
        return 0.0;
    }

    @Override
    protected String atWork() {
        return "the triggers of the change log are at work";
    }

    @Test
    void shouldSendOneRecordWhenARowChangesSeveralTimesInAPage() {
        // Given
        items.with(1).logged();
        source.run(
                "UPDATE items SET version = 2",
                "UPDATE items SET version = 3",
                "INSERT INTO items (id, version) VALUES (2, 1)",
                "UPDATE items SET version = 4 WHERE id = 1",
                "DELETE FROM items WHERE id = 2");

        // When
        drover.draining().run();

        // Then
        assertThat(receiver.requests()).singleElement().satisfies(request -> assertThat(request.records())
                .extracting(change -> change.path("key").path("id").asInt() + " "
                        + change.path("operation").asText() + " "
                        + change.path("row").path("version").asText())
                .containsExactly("2 delete ", "1 upsert 4"));
    }

    @Test
    void shouldGoOnWithTheSnapshotWhenItWasStoppedAndLeaveNoRowOut() {
        // Given
        items.with(2_500).logged();
        drover.sizes(1_000, 500, 1_000);
        source.run(
                "INSERT INTO items_changes (change_operation, id) SELECT 'snapshot', id FROM items WHERE id <= 1000 ORDER BY id",
                "UPDATE items SET version = 2 WHERE id = 2000");

        // When
        drover.draining().run();

        // Then
        assertThat(items.received()).isEqualTo(items.there());
        assertThat(source.number("SELECT COUNT(*) FROM items_changes WHERE change_operation LIKE 'snapshot%'"))
                .isEqualTo(new BigDecimal(2_500));

        // When it begins again
        source.run("DELETE FROM drover_checkpoint", "DELETE FROM items WHERE id = 1");
        drover.run();

        // Then
        assertThat(items.received()).isEqualTo(items.there());
    }

    @Test
    void shouldShowAsAPlanWhatTheFirstRunSendsAndWriteNothing() {
        // Given
        items.with(5).logged();
        source.run("DELETE FROM items WHERE id = 2");

        // When
        String first = items.drover("plan", "--limit", "3");
        String all = items.drover("plan", "--limit", "100");
        BigDecimal log = source.number("SELECT COUNT(*) FROM items_changes");

        // Then
        assertThat(first)
                .startsWith("0: ")
                .contains("\"key\":{\"id\":4},\"row\":{")
                .doesNotContain("\"id\":5");
        assertThat(all)
                .contains("\"key\":{\"id\":5}", "\"delete\",\"key\":{\"id\":2},\"row\":null", "5 rows, 0 filtered");
        assertThat(log).isEqualTo(BigDecimal.ONE);
        assertThat(receiver.requests()).isEmpty();

        // When there is a checkpoint
        drover.draining().run();
        source.run("UPDATE items SET name = 'now' WHERE id = 3");

        // Then
        assertThat(items.drover("plan", "--limit", "100")).contains("\"name\":\"now\"", "1 rows, 0 filtered");
    }

    @Test
    void shouldDeleteOldChangesAndHaltWhenItLacksThemItself() {
        // Given
        items.with(10).logged();
        drover.edit("orders-table.camel.yaml", "changes: true", "changes: true\n        changeRetention: 1");
        drover.draining().run();
        String checkpoint =
                source.column("SELECT MAX(change_id) FROM items_changes").get(0);
        source.run("INSERT INTO items (id, amount, version) VALUES (11, 1, 1)");

        // When
        drover.run();

        // Then
        assertThat(source.column("SELECT MIN(change_id) FROM items_changes")).containsExactly(checkpoint);
        assertThat(items.received()).isEqualTo(items.there());

        // When another pipeline would have deleted what this one has not read
        source.run(
                "INSERT INTO items (id, amount, version) VALUES (12, 1, 1), (13, 1, 1)",
                "DELETE FROM items_changes WHERE change_id <= (SELECT MIN(x.change_id) + 2 FROM (SELECT * FROM items_changes) x)");
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(drover.pipeline("items").ledger().halted().orElseThrow()).contains("are missing: the log begins at");
    }
}
