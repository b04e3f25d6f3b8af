package dev.drover.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.Sql;
import dev.drover.config.ClaimOptions;
import dev.drover.config.Consistency;
import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.config.RunLimits;
import dev.drover.config.Schedule;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage;
import dev.drover.rows.Page;
import dev.drover.rows.TableReader;
import dev.drover.rows.UnorderedPageException;
import dev.drover.sql.Dialect;
import dev.drover.sql.Names;
import dev.drover.sql.PageRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two instances that claim the rows of one table. */
class ClaimsTest {

    private final JdbcDataSource database = new JdbcDataSource();

    @BeforeEach
    void fill() throws SQLException {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        Sql.run(
                database,
                "CREATE TABLE outbox (id BIGINT PRIMARY KEY, claim_token VARCHAR(40),"
                        + " claimed_until TIMESTAMP(6) WITH TIME ZONE, settled_at TIMESTAMP(6) WITH TIME ZONE)",
                "INSERT INTO outbox (id) SELECT x FROM SYSTEM_RANGE(1, 10)");
    }

    @Test
    void shouldTakeOtherRowsWhenSomeAreClaimed() throws SQLException {
        // Given
        Claims one = claims(Duration.ofMinutes(1), Duration.ZERO);
        Claims other = claims(Duration.ofMinutes(1), Duration.ZERO);

        // When
        Page first = one.read(PageRequest.after(null, 4));
        Page second = other.read(PageRequest.after(null, 100));

        // Then
        assertThat(ids(first)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(ids(second)).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void shouldMarkNothingWhenItsClaimHasEndedAndAnotherHasTheRow() throws SQLException {
        // Given
        Claims late = claims(Duration.ofSeconds(1), Duration.ZERO);
        Claims next = claims(Duration.ofMinutes(1), Duration.ZERO);
        List<SettledPage> settled = settled(late.read(PageRequest.after(null, 10)));
        await().until(() -> !next.read(PageRequest.after(null, 10)).records().isEmpty());

        // When
        late.settle(settled);

        // Then
        assertThat(open()).isEqualTo("10");
        next.settle(settled);
        assertThat(open()).isEqualTo("0");
    }

    @Test
    void shouldKeepItsRowsWhenItRenewsTheClaims() throws Exception {
        // Given
        Claims slow = claims(Duration.ofSeconds(2), Duration.ZERO);
        Claims other = claims(Duration.ofMinutes(1), Duration.ZERO);
        List<SettledPage> settled = settled(slow.read(PageRequest.after(null, 10)));

        // When
        for (int i = 0; i < 30; i++) {
            Thread.sleep(100);
            slow.renew();
            assertThat(other.read(PageRequest.after(null, 10)).records()).isEmpty();
        }
        slow.settle(settled);

        // Then
        assertThat(open()).isEqualTo("0");
    }

    @Test
    void shouldDeleteSettledRowsWhenTheirRetentionIsOver() throws SQLException {
        // Given
        Claims claims = claims(Duration.ofMinutes(1), Duration.ofHours(1));
        claims.settle(settled(claims.read(PageRequest.after(null, 10))));
        Sql.run(database, "UPDATE outbox SET settled_at = DATEADD(HOUR, -2, settled_at) WHERE id <= 7");

        // When
        claims.renew();

        // Then
        assertThat(Sql.lines(database, "SELECT COUNT(*) FROM outbox").strip()).isEqualTo("3");
    }

    @Test
    void shouldRefuseThePageWhenTheDatabaseDoesNotMarkARowThatIsLocked() throws SQLException {
        // Given
        List<Cursor> keys = List.of(new Cursor(List.of("id"), List.of(10L)), new Cursor(List.of("id"), List.of(11L)));
        try (Connection connection = database.getConnection()) {
            Names names = Names.of(connection, "outbox");
            ClaimTable table = new ClaimTable(Dialect.H2, names, names, List.of("id"));

            // When / Then
            assertThatThrownBy(() -> table.claim(connection, keys, "token", Duration.ofMinutes(1)))
                    .isInstanceOf(UnorderedPageException.class)
                    .hasMessageContaining("marked 1 of 2 rows of");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    NUMERIC(9, 4)        | NUMERIC(9, 1)        | 1.5 | 1.5 | 8
                    VARCHAR_IGNORECASE(9)| VARCHAR_IGNORECASE(9)| 'a' | 'A' | 'gone'
                    INT                  | BIGINT               | 7   | 7   | 8
                    CHAR(9)              | CHAR(5)              | 'b' | 'b' | 'gone'
                    """)
    void shouldSettleTheRowWhenOnlyTheDatabaseSeesThatItsKeyIsThatOfTheClaim(
            String row, String claim, String key, String claimed, String gone) throws SQLException {
        // Given
        Sql.run(
                database,
                "CREATE TABLE parcels (id " + row + " PRIMARY KEY)",
                "INSERT INTO parcels VALUES (" + key + ")",
                "DROP TABLE outbox",
                "CREATE TABLE outbox (id " + claim + " PRIMARY KEY, claim_token VARCHAR(40),"
                        + " claimed_until TIMESTAMP(6) WITH TIME ZONE, settled_at TIMESTAMP(6) WITH TIME ZONE)",
                "INSERT INTO outbox (id) VALUES (" + claimed + "), (" + gone + ")");
        Claims claims = new Claims(
                config(new ClaimOptions("outbox", Duration.ofMinutes(1), Duration.ZERO)),
                database,
                "parcels",
                new TableReader(database, "parcels", List.of("id")));

        // When
        Page page = claims.read(PageRequest.after(null, 10));

        // Then
        assertThat(page.records()).hasSize(1);
        assertThat(open()).as("the claim of the row that is gone is settled").isEqualTo("1");
        Cursor read = page.records().get(0).cursor(List.of("id"));
        assertThat(claims.life(read)).isNotEmpty();
        claims.settle(List.of(new SettledPage(read, 1)));
        assertThat(open()).isEqualTo("0");
    }

    @Test
    void shouldClaimWhenTheCatalogHasTheNamesInAnotherCase() throws SQLException {
        // Given
        Sql.run(
                database,
                "CREATE TABLE \"Parcels\" (\"Id\" BIGINT PRIMARY KEY)",
                "INSERT INTO \"Parcels\" VALUES (1), (2)",
                "CREATE TABLE \"Claims\" (\"iD\" BIGINT PRIMARY KEY, claim_token VARCHAR(40),"
                        + " claimed_until TIMESTAMP(6) WITH TIME ZONE, settled_at TIMESTAMP(6) WITH TIME ZONE)",
                "INSERT INTO \"Claims\" (\"iD\") VALUES (1), (2)");
        Claims claims = new Claims(
                config(new ClaimOptions("claims", Duration.ofMinutes(1), Duration.ZERO)),
                database,
                "parcels",
                new TableReader(database, "parcels", List.of("id")));

        // When
        Page page = claims.read(PageRequest.after(null, 10));
        claims.settle(List.of(
                new SettledPage(page.records().get(0).cursor(List.of("id")), 1),
                new SettledPage(page.records().get(1).cursor(List.of("id")), 1)));

        // Then
        assertThat(Sql.lines(database, "SELECT COUNT(*) FROM \"Claims\" WHERE settled_at IS NOT NULL"))
                .isEqualTo("2\n");
    }

    @Test
    void shouldTellRowsOfOneKeyApartAndKnowOneThatIsClaimedAgain() throws SQLException {
        // Given
        Claims crashed = claims(Duration.ofSeconds(1), Duration.ZERO);
        Cursor key = settled(crashed.read(PageRequest.after(null, 1))).get(0).last();

        // When
        Claims again = claims(Duration.ofMinutes(1), Duration.ZERO);
        await().until(() -> ids(again.read(PageRequest.after(null, 1))).contains(1L));
        String number = again.life(key);
        Sql.run(database, "TRUNCATE TABLE outbox", "INSERT INTO outbox (id) VALUES (1)");
        Claims next = claims(Duration.ofMinutes(1), Duration.ZERO);
        Page other = next.read(PageRequest.after(null, 1));

        // Then
        assertThat(number).hasSize(16).isEqualTo(crashed.life(key));
        assertThat(ids(other)).containsExactly(1L);
        assertThat(next.life(key)).hasSize(16).isNotEqualTo(number);
    }

    private Claims claims(Duration lease, Duration retention) {
        return new Claims(
                config(new ClaimOptions(null, lease, retention)),
                database,
                "outbox",
                new TableReader(database, "outbox", List.of("id")));
    }

    private static PagesConfig config(ClaimOptions options) {
        return new PagesConfig(
                "outbox",
                List.of("id"),
                null,
                10,
                100,
                Duration.ofSeconds(1),
                Duration.ZERO,
                Mode.FOLLOW,
                Schedule.ALWAYS,
                Consistency.CLAIM,
                Set.of(),
                Duration.ofSeconds(1),
                options,
                new RunLimits(0, null, 0, Duration.ZERO));
    }

    private static List<Long> ids(Page page) {
        return page.records().stream().map(row -> (Long) row.value("id")).toList();
    }

    private static List<SettledPage> settled(Page page) {
        return ids(page).stream()
                .map(id -> new SettledPage(new Cursor(List.of("id"), List.of(id)), 1))
                .toList();
    }

    private String open() throws SQLException {
        return Sql.lines(database, "SELECT COUNT(*) FROM outbox WHERE settled_at IS NULL")
                .strip();
    }
}
