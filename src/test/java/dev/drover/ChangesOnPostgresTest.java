package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.folder.FindingsException;
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
    void shouldBeRefusedWhenRowSecurityWouldMakeARowLookDeleted() {
        // Given
        items.with(3).logged();
        String reader = "reader_of_" + source.name();
        source.run(
                "CREATE ROLE " + reader + " LOGIN",
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + reader,
                "ALTER TABLE items ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY current ON items USING (version > 1)");
        drover.set("drover.source.username", reader);

        // Then
        assertThatThrownBy(() -> drover.checked().start())
                .isInstanceOf(FindingsException.class)
                .hasMessageContaining("row security limits which rows of public.items this user sees");
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
