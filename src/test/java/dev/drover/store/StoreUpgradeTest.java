package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.Sql;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that lives longer than a version of Drover; runs on H2, a subclass for each other database. */
class StoreUpgradeTest {

    private static final Path V1_ROWS = Path.of("src/test/resources/store/v1-rows.sql");
    private static final int V1_CHECKSUM = -1_898_697_886;
    private static final Checkpoints.Claim CLAIM = new Checkpoints.Claim("this version", Duration.ofSeconds(30), true);

    private DataSource store;

    DataSource emptyDatabase() throws Exception {
        return Sql.newH2();
    }

    @BeforeEach
    void writeAsTheFirstVersionDid() throws Exception {
        store = emptyDatabase();
        Flyway.configure()
                .configuration(StoreSchema.flyway(store).getConfiguration())
                .target("1")
                .load()
                .migrate();
        insertRows();
    }

    @Test
    void shouldReadEveryCheckpointWhenTheFirstVersionWroteIt() throws Exception {
        // When
        StoreSchema.open(store, false);

        // Then
        assertThat(Sql.lines(store, "SELECT checksum FROM drover_schema_history WHERE version = '1'"))
                .isEqualToIgnoringNewLines(String.valueOf(V1_CHECKSUM));
        assertThat(StoreSchema.look(store).isCurrent()).isTrue();
        assertThat(cursor("new")).isNull();
        assertThat(cursor("orders")).isEqualTo(new Cursor(List.of("id"), List.of(10030L)));
        assertThat(cursor("visits"))
                .isEqualTo(new Cursor(
                        List.of("ordered_at", "id"), List.of(LocalDateTime.parse("2026-01-02T08:00:00.000001"), 12)));
        assertThat(cursor("numbers").values())
                .isEqualTo(List.of(
                        (short) -3,
                        (byte) 4,
                        new BigDecimal("4.50"),
                        new BigInteger("18446744073709551615"),
                        0.1,
                        1.5f,
                        true));
        assertThat(cursor("texts").values().subList(0, 2))
                .isEqualTo(List.of("O'Brien", UUID.fromString("123e4567-e89b-12d3-a456-426614174000")));
        assertThat((byte[]) cursor("texts").values().get(2)).containsExactly(1, 2, 3);
        assertThat(cursor("times").values())
                .isEqualTo(List.of(
                        LocalDate.parse("2026-01-02"),
                        LocalTime.parse("08:00:01"),
                        OffsetDateTime.parse("2026-01-02T08:00:00+02:00"),
                        Instant.parse("2026-01-02T08:00:00Z"),
                        Date.valueOf("2026-01-02")));
        assertThat(Sql.lines(store, "SELECT payload FROM drover_dead_letter WHERE id = '0b9c'"))
                .isEqualToIgnoringNewLines("{\"id\":7}");
    }

    @Test
    void shouldTellWhereItIsBeforeTheUpgradeWhenItIsOnlyLookedAt() {
        // Then
        assertThat(StoreSchema.look(store).exists()).isTrue();
        assertThat(StoreSchema.look(store).isCurrent()).isFalse();
        assertThat(new Checkpoints(store).cursor("orders")).contains(new Cursor(List.of("id"), List.of(10030L)));
        assertThat(new Checkpoints(store).run("orders")).isZero();
    }

    @Test
    void shouldKeepTheCheckpointWhenThisVersionAndThenTheFirstOneRunsAgain() throws Exception {
        // Given
        StoreSchema.open(store, false);
        Checkpoint checkpoint = new Checkpoints(store).take("orders", List.of("id"), CLAIM);

        // When
        checkpoint.settle(List.of(new SettledPage(new Cursor(List.of("id"), List.of(10040L)), 10)));
        Sql.run(
                store,
                // as the first version takes a pipeline over and moves its checkpoint
                "UPDATE drover_checkpoint SET epoch = epoch + 1, updated_at = CURRENT_TIMESTAMP WHERE pipeline = 'orders'",
                "UPDATE drover_checkpoint SET cursor_json = '[{\"column\":\"id\",\"type\":\"long\",\"value\":\"10050\"}]',"
                        + " settled = settled + 10, updated_at = CURRENT_TIMESTAMP"
                        + " WHERE pipeline = 'orders' AND epoch = 9 AND settled = 10040",
                "DELETE FROM drover_dead_letter",
                "DELETE FROM drover_checkpoint WHERE pipeline <> 'orders'");
        Checkpoint again = new Checkpoints(store).take("orders", List.of("id"), CLAIM);

        // Then
        assertThat(checkpoint.epoch()).isEqualTo(8);
        assertThat(again.cursor()).contains(new Cursor(List.of("id"), List.of(10050L)));
        assertThat(again.settled()).isEqualTo(10050);
        assertThat(again.epoch()).isEqualTo(10);
    }

    @Test
    void shouldTakeTheRowsOfTheFirstVersionWhenTheStoreIsOfThisOne() throws Exception {
        // Given
        StoreSchema.open(store, false);
        Sql.run(store, "DELETE FROM drover_dead_letter", "DELETE FROM drover_checkpoint");

        // When
        insertRows();

        // Then
        assertThat(cursor("orders")).isEqualTo(new Cursor(List.of("id"), List.of(10030L)));
    }

    @Test
    void shouldRefuseAndChangeNothingWhenALaterVersionHasChangedTheStore() throws Exception {
        // Given
        later("split checkpoints");
        String before = Sql.lines(store, "SELECT version FROM drover_schema_history ORDER BY installed_rank");

        // Then
        assertThatThrownBy(() -> StoreSchema.open(store, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("the store jdbc:.* was brought to version 999 \\(split checkpoints\\) by a later"
                        + " Drover, and this one cannot work with it: .*")
                .hasMessageNotContaining("\n");
        assertThat(Sql.lines(store, "SELECT version FROM drover_schema_history ORDER BY installed_rank"))
                .isEqualTo(before);
    }

    @Test
    void shouldWorkWhenALaterVersionHasOnlyAddedToTheStore() throws Exception {
        // Given
        StoreSchema.open(store, true);
        Sql.run(store, "ALTER TABLE drover_checkpoint ADD COLUMN later_on BIGINT");
        later("add what this one does not know");

        // When
        StoreSchema.open(store, true);
        Checkpoint checkpoint = new Checkpoints(store).take("orders", List.of("id"), CLAIM);
        checkpoint.settle(List.of(new SettledPage(new Cursor(List.of("id"), List.of(10040L)), 10)));

        // Then
        assertThat(cursor("orders")).isEqualTo(new Cursor(List.of("id"), List.of(10040L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"success = FALSE", "checksum = 1"})
    void shouldRefuseWhenAMigrationHasFailedOrWasAnotherOne(String recorded) throws Exception {
        // Given
        StoreSchema.open(store, true);
        Sql.run(store, "UPDATE drover_schema_history SET " + recorded + " WHERE version = '2'");

        // Then
        assertThatThrownBy(() -> StoreSchema.open(store, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the store's tables cannot be brought up to date");
    }

    private Cursor cursor(String pipeline) {
        return new Checkpoints(store).cursor(pipeline).orElse(null);
    }

    private void later(String description) throws SQLException {
        Sql.run(
                store,
                "INSERT INTO drover_schema_history (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success) VALUES (999, '999', '" + description
                        + "', 'SQL', 'V999__later.sql', 1, 'later', 1, TRUE)");
    }

    private void insertRows() throws IOException, SQLException {
        List<String> inserts = Files.readAllLines(V1_ROWS).stream()
                .filter(line -> line.startsWith("INSERT"))
                .toList();
        Sql.run(store, inserts.toArray(String[]::new));
    }
}
