package dev.drover.consistency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.config.ClaimOptions;
import dev.drover.config.Consistency;
import dev.drover.config.Doubt;
import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.config.RunLimits;
import dev.drover.config.Schedule;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables in which claims would go wrong. */
@Integration
class ClaimFactsTest {

    private static final Map<Engine, Database> DATABASES = new EnumMap<>(Engine.class);
    private static int tables;

    private final String table = "outbox_" + ++tables;

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldFindNothingWhenNothingChangesWithAClaim(Engine engine) throws SQLException {
        run(engine, outbox(engine, "id INT PRIMARY KEY, name VARCHAR(20)"), claims(engine, "id INT PRIMARY KEY"));

        assertThat(wrong(engine, null)).isEmpty();
        assertThat(wrong(engine, "claims_of_" + table)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    POSTGRES | id INT | id BIGINT | id is integer in public.% and bigint in public.claims_of_%
                    POSTGRES | id VARCHAR(9) | id CHAR(9) | id is character varying(9)
                    POSTGRES | id VARCHAR(9) | id VARCHAR(9) COLLATE "C" | collate C in public.claims_of_%
                    POSTGRES | id UUID | id VARCHAR(40) | id is uuid
                    POSTGRES | id NUMERIC(9, 2) | id NUMERIC(9, 1) | id is numeric(9,2)
                    POSTGRES | id TIMESTAMPTZ(3) | id TIMESTAMPTZ | id is timestamp(3) with time zone
                    POSTGRES | id INT | other INT | needs the key column id
                    MARIADB  | id INT | id BIGINT | id is int(11)
                    MARIADB  | id INT UNSIGNED | id INT | id is int(10) unsigned
                    MARIADB  | id ENUM('a', 'b') | id VARCHAR(9) | id is enum('a','b')
                    MARIADB  | id VARCHAR(9) COLLATE utf8mb4_bin | id VARCHAR(9) COLLATE utf8mb4_general_ci | collate utf8mb4_bin
                    MARIADB  | id DECIMAL(9, 2) | id DECIMAL(9, 1) | id is decimal(9,2)
                    MARIADB  | id DATETIME(6) | id DATETIME(3) | id is datetime(6)
                    H2       | id INT | id BIGINT | id is integer
                    H2       | id UUID | id VARCHAR(40) | id is uuid
                    H2       | id VARCHAR(9) | id VARCHAR_IGNORECASE(9) | id is character varying
                    """)
    void shouldRefuseKeysOfTwoTypes(Engine engine, String key, String claimKey, String expected) throws SQLException {
        run(engine, outbox(engine, key + " PRIMARY KEY"), claims(engine, claimKey + " PRIMARY KEY"));

        assertThat(wrong(engine, "claims_of_" + table)).contains(expected.replace("%", table));
    }

    @ParameterizedTest
    @CsvSource({
        "POSTGRES, TIMESTAMP, timestamp without time zone",
        "MARIADB, DATETIME(6), datetime(6)",
        "H2, TIMESTAMP, timestamp"
    })
    void shouldRefuseTimesWithoutAZone(Engine engine, String type, String declared) throws SQLException {
        run(
                engine,
                outbox(engine, "id INT PRIMARY KEY")
                        .replace("settled_at " + time(engine), "settled_at " + type + " NULL"));

        assertThat(wrong(engine, null)).contains("settled_at", declared + " means another one in each time zone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    MARIADB  | updated_at DATETIME(6) ON UPDATE CURRENT_TIMESTAMP(6) | the column updated_at
                    MARIADB  | claimed INT AS (claim_token IS NOT NULL) PERSISTENT | the generated column claimed
                    H2       | updated_at TIMESTAMP ON UPDATE CURRENT_TIMESTAMP | the column updated_at
                    H2       | claimed INT GENERATED ALWAYS AS (LENGTH(claim_token)) | the generated column claimed
                    POSTGRES | claimed INT GENERATED ALWAYS AS (length(claim_token)) STORED | the generated column claimed
                    """)
    void shouldRefuseColumnsThatChangeWithAClaim(Engine engine, String column, String expected) throws SQLException {
        run(engine, outbox(engine, "id INT PRIMARY KEY, " + column));

        assertThat(wrong(engine, null).toLowerCase(Locale.ROOT)).contains(expected, "set claimtable");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldRefuseTriggersOfUpdates(Engine engine) throws SQLException {
        run(engine, outbox(engine, "id INT PRIMARY KEY, changed INT"));
        switch (engine) {
            case POSTGRES ->
                run(
                        engine,
                        "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN NEW.changed = 1; RETURN NEW; END'",
                        "CREATE TRIGGER touched BEFORE UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION touch()");
            case MARIADB ->
                run(engine, "CREATE TRIGGER touched BEFORE UPDATE ON " + table + " FOR EACH ROW SET NEW.changed = 1");
            case H2 ->
                run(
                        engine,
                        "CREATE TRIGGER touched BEFORE UPDATE ON " + table + " FOR EACH ROW CALL '"
                                + Touch.class.getName() + "'");
        }

        assertThat(wrong(engine, null).toLowerCase(Locale.ROOT)).contains("the trigger touched");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CREATE TRIGGER t AFTER UPDATE OF name ON % FOR EACH ROW EXECUTE FUNCTION nothing() |
                    CREATE TRIGGER t AFTER UPDATE OF settled_at ON % FOR EACH ROW EXECUTE FUNCTION nothing() | the trigger t
                    CREATE TRIGGER t AFTER INSERT ON % FOR EACH ROW EXECUTE FUNCTION nothing() |
                    CREATE RULE r AS ON UPDATE TO % DO ALSO NOTIFY changed | the rule r
                    """)
    void shouldTellWhichTriggersAClaimFires(String ddl, @Nullable String expected) throws SQLException {
        run(
                Engine.POSTGRES,
                outbox(Engine.POSTGRES, "id INT PRIMARY KEY, name TEXT"),
                "CREATE OR REPLACE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                ddl.replace("%", table));

        String wrong = wrong(Engine.POSTGRES, null);
        assertThat(wrong).contains(expected == null ? "" : expected);
        assertThat(wrong.isEmpty()).isEqualTo(expected == null);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldRefuseAColumnOfTheClaimsThatCannotBeNull(Engine engine) throws SQLException {
        run(
                engine,
                outbox(engine, "id INT PRIMARY KEY")
                        .replace("claim_token VARCHAR(40)", "claim_token VARCHAR(40) NOT NULL"));

        assertThat(wrong(engine, null)).contains("needs claim_token of", "to be NULL at first");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldRefuseViewsOfWhichNothingIsKnown(Engine engine) throws SQLException {
        assumeTrue(engine != Engine.H2, "a view of H2 is not updated");
        run(engine, outbox(engine, "id INT PRIMARY KEY"), "CREATE VIEW view_" + table + " AS SELECT * FROM " + table);

        assertThat(wrong(engine, "view_" + table, null)).contains("as it is a view");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    POSTGRES | CREATE VIEW %v AS SELECT * FROM % WHERE id > 0 | is a view
                    POSTGRES | CREATE MATERIALIZED VIEW %v AS SELECT * FROM % | is a materialized view
                    POSTGRES | CREATE TABLE p_% (id INT) PARTITION BY RANGE (id); CREATE TABLE %v PARTITION OF p_% DEFAULT | is a partition
                    MARIADB  | CREATE VIEW %v AS SELECT * FROM % WHERE id > 0 | is a view
                    H2       | CREATE VIEW %v AS SELECT * FROM % WHERE id > 0 | is a view
                    """)
    void shouldRefuseClaimsBesideRowsThatMayBeHidden(Engine engine, String ddl, String expected) throws SQLException {
        run(engine, outbox(engine, "id INT"), claims(engine, "id INT PRIMARY KEY"));
        run(engine, ddl.replace("%", table).split("; "));

        assertThat(wrong(engine, table + "v", "claims_of_" + table))
                .contains(expected + ", which may show a row later");
    }

    @Test
    void shouldRefuseClaimsBesideRowsThatRowSecurityHides() throws SQLException {
        Engine engine = Engine.POSTGRES;
        String user = "reader_" + table;
        run(
                engine,
                outbox(engine, "id INT PRIMARY KEY"),
                claims(engine, "id INT PRIMARY KEY"),
                "CREATE ROLE " + user + " LOGIN",
                "GRANT SELECT, UPDATE ON " + table + ", claims_of_" + table + " TO " + user,
                "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY positive ON " + table + " USING (id > 0)");

        String url = database(engine).url();
        try (Connection connection = DriverManager.getConnection(url, user, "")) {
            assertThat(wrong(connection, table, "claims_of_" + table)).contains("is a table with row security");
        }
        assertThat(wrong(engine, "claims_of_" + table)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"TRIGGER ON %.*, true", "TRIGGER ON %.@, true", "SELECT ON %.*, false"})
    void shouldAskForThePrivilegeWhenMariaDbShowsNoTriggers(String grant, boolean seen) throws SQLException {
        Engine engine = Engine.MARIADB;
        String user = "u_" + table;
        String schema = database(engine).name();
        run(
                engine,
                outbox(engine, "id INT PRIMARY KEY"),
                "CREATE USER " + user + "@'%'",
                "GRANT SELECT, UPDATE ON " + schema + "." + table + " TO " + user,
                "GRANT " + grant.replace("%", schema).replace("@", table) + " TO " + user);

        try (Connection connection =
                DriverManager.getConnection(database(engine).url(), user, "")) {
            String wrong = wrong(connection, table, null);
            assertThat(wrong.isEmpty()).isEqualTo(seen);
            assertThat(wrong).contains(seen ? "" : "; GRANT TRIGGER ON `" + schema + "`.`" + table + "` to this user");
        }
    }

    /** Does nothing. */
    public static final class Touch implements org.h2.api.Trigger {

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {
            after[1] = 1;
        }
    }

    private String outbox(Engine engine, String columns) {
        return create(engine, table, columns);
    }

    private String claims(Engine engine, String columns) {
        return create(engine, "claims_of_" + table, columns);
    }

    private static String create(Engine engine, String name, String columns) {
        String time = time(engine);
        return "CREATE TABLE " + name + " (" + columns + ", claim_token VARCHAR(40), claimed_until " + time
                + ", settled_at " + time + ")";
    }

    private static String time(Engine engine) {
        return engine == Engine.MARIADB ? "TIMESTAMP(6) NULL" : "TIMESTAMP WITH TIME ZONE";
    }

    private static void run(Engine engine, String... sql) {
        database(engine).run(sql);
    }

    private static Database database(Engine engine) {
        return DATABASES.computeIfAbsent(engine, Engine::newDatabase);
    }

    private String wrong(Engine engine, @Nullable String claims) throws SQLException {
        return wrong(engine, table, claims);
    }

    private static String wrong(Engine engine, String read, @Nullable String claims) throws SQLException {
        try (Connection connection = database(engine).open()) {
            return wrong(connection, read, claims);
        }
    }

    private static String wrong(Connection connection, String read, @Nullable String claims) throws SQLException {
        PagesConfig config = new PagesConfig(
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
                new ClaimOptions(claims, Duration.ofMinutes(1), Duration.ZERO),
                new RunLimits(0, null, 0, Duration.ZERO));
        return ClaimFacts.wrong(connection, read, config).map(Doubt::toString).orElse("");
    }
}
