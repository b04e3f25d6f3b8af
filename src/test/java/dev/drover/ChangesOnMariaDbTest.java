package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import org.junit.jupiter.api.Test;

@Integration
class ChangesOnMariaDbTest extends ChangeLogSuite {

    @Override
    protected Database database() {
        return Database.mariaDb();
    }

    @Override
    protected String disable() {
        return "DROP TRIGGER items_changes_update";
    }

    @Test
    void shouldRefuseTheTableWhenAForeignKeyChangesItsRows() {
        // Given
        source.run(
                "CREATE TABLE parents (id BIGINT PRIMARY KEY)",
                "CREATE TABLE items (id BIGINT PRIMARY KEY, parent BIGINT, FOREIGN KEY (parent) REFERENCES parents (id)"
                        + " ON DELETE CASCADE)");

        // When
        String said = items.drover("changes", "create", "items", "--apply");

        // Then
        assertThat(said).startsWith("2: ").contains("changes rows of", "ON DELETE RESTRICT");
        assertThat(said.lines()).hasSize(1);
    }

    @Test
    void shouldDeleteTheOldKeyWhenOnlyItsCaseChanges() {
        // Given
        source.run(
                "CREATE TABLE items (id VARCHAR(20) PRIMARY KEY, name VARCHAR(20), amount DECIMAL(12, 2), version INT)",
                "INSERT INTO items VALUES ('a', 'one', 1, 1), ('b', 'two', 1, 1)");
        items.logged();
        drover.start();
        items.awaitInStep();

        // When
        source.run("UPDATE items SET id = 'A' WHERE id = 'a'");

        // Then
        items.awaitInStep();
        assertThat(items.received()).containsOnlyKeys("A", "b");
    }
}
