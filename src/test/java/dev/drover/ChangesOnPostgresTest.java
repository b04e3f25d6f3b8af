package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import org.junit.jupiter.api.Test;

@Integration
class ChangesOnPostgresTest extends ChangeLogSuite {

    @Override
    protected Database database() {
        return Database.postgres();
    }

    @Override
    protected String disable() {
        return "ALTER TABLE items DISABLE TRIGGER items_changes_rows";
    }

    @Test
    void shouldHaltBehindTheChangesBeforeItWhenTheTableIsTruncated() {
        // Given
        items.with(5).logged();
        drover.start();
        items.awaitInStep();

        // When
        source.run("INSERT INTO items (id, amount, version) VALUES (6, 1, 1)", "TRUNCATE items");
        drover.awaitEnd();

        // Then
        assertThat(drover.pipeline("items").ledger().halted().orElseThrow()).contains("the table was truncated at");
    }
}
