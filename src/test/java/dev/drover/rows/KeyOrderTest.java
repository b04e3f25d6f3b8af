package dev.drover.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.ledger.CursorOrder;
import dev.drover.sql.Dialect;
import dev.drover.sql.PageQuery;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pairs of values of every type of key column: the database says of the columns themselves which is the lower, and the
 * proof of a page must say the same of the values as they were read.
 */
@Integration
class KeyOrderTest {

    private static final int RANDOM_VALUES = 25;
    private static final Map<Engine, Database> DATABASES = new EnumMap<>(Engine.class);
    private static final String LETTERS = "aAbBzZäÄöOoßsS éeE-_ 'ijIİıſ0129\t😀～";

    private static Stream<Arguments> columns() {
        return Stream.of(
                        all("BIGINT", values("9223372036854775807", "-9223372036854775808", "0"), Random::nextLong),
                        all("INTEGER", values("2147483647", "-2147483648"), Random::nextInt),
                        all("SMALLINT", values("32767", "-32768"), random -> random.nextInt(9) - 4),
                        all("NUMERIC(20,5)", values("0", "-0.00001", "999999999999999.99999"), KeyOrderTest::decimal),
                        all("DOUBLE PRECISION", values("0", "-0", "1e300", "-1e-300"), Random::nextDouble),
                        all("BOOLEAN", values("FALSE", "TRUE"), Random::nextBoolean),
                        all("DATE", texts("0001-01-01", "9999-12-31", "2024-02-29"), KeyOrderTest::date),
                        all("TIME(6)", texts("00:00:00", "23:59:59.999999", "12:30:00"), KeyOrderTest::time),
                        all(
                                "TIMESTAMP(6)",
                                texts("2024-02-29 00:00:00", "1971-01-01 00:00:00"),
                                KeyOrderTest::dateTime),
                        all("UUID", texts(uuid("0"), uuid("f"), uuid("8"), uuid("7")), KeyOrderTest::uuid),
                        all("CHAR(8)", texts("a", "A", "b", ""), KeyOrderTest::word),
                        all("VARCHAR(40)", texts("", " ", "a", "a ", "A", "ab", "10", "9"), KeyOrderTest::word),
                        only(Engine.H2, "TINYINT", values("127", "-128"), random -> random.nextInt(9) - 4),
                        only(Engine.H2, "REAL", values("0", "1e30"), Random::nextFloat),
                        only(Engine.H2, "VARBINARY(8)", values("X''", "X'00'", "X'7f'", "X'ff'"), KeyOrderTest::hex),
                        only(Engine.H2, "VARCHAR_IGNORECASE(40)", texts("a", "A"), KeyOrderTest::word),
                        only(Engine.H2, "TIMESTAMP(6) WITH TIME ZONE", zoned(), KeyOrderTest::zoned),
                        postgres("REAL", texts("NaN", "Infinity", "-Infinity", "-0", "0"), Random::nextFloat),
                        postgres("DOUBLE PRECISION", texts("NaN", "Infinity", "-Infinity"), Random::nextDouble),
                        postgres(
                                "NUMERIC", texts("NaN", "Infinity", "-Infinity", "1.0", "1.00"), KeyOrderTest::decimal),
                        postgres("DATE", texts("infinity", "-infinity", "0044-03-15 BC"), KeyOrderTest::date),
                        postgres("TIME", texts("24:00:00", "00:00:00"), KeyOrderTest::time),
                        postgres("TIMESTAMP", texts("infinity", "-infinity", "20240-01-01"), KeyOrderTest::dateTime),
                        postgres(
                                "TIMESTAMPTZ",
                                Stream.concat(zoned().stream(), texts("infinity", "-infinity").stream())
                                        .toList(),
                                KeyOrderTest::zoned),
                        postgres(
                                "TIMETZ",
                                texts("10:00+02", "08:00+00", "12:00-03"),
                                random -> "'" + (10 + random.nextInt(9)) + ":00+0" + random.nextInt(9) + "'"),
                        postgres(
                                "BYTEA",
                                texts("\\x", "\\x00", "\\x7f", "\\xff", "\\xff00"),
                                random -> "'\\x" + bytes(random) + "'"),
                        postgres("TEXT COLLATE \"C\"", texts("a", "A"), KeyOrderTest::word),
                        postgres("TEXT COLLATE \"en-x-icu\"", texts("a", "A"), KeyOrderTest::word),
                        postgres("TEXT COLLATE folded", texts("a", "A"), KeyOrderTest::word),
                        postgres("CHAR(8) COLLATE \"de-x-icu\"", texts("a", "A", "a "), KeyOrderTest::word),
                        postgres("label", texts("a", "A"), KeyOrderTest::word),
                        postgres("mood", texts("new", "paid", "cancelled"), random -> "'archived'"),
                        postgres("MONEY", texts("1", "-1", "1000.50"), random -> "'" + random.nextInt(9999) + "'"),
                        postgres(
                                "INTERVAL",
                                texts("1 day", "24:00", "30 days", "1 mon"),
                                random -> "'" + random.nextInt(99) + " h'"),
                        postgres(
                                "INET",
                                texts("10.0.0.1", "9.0.0.1", "10.0.0.1/8", "::1"),
                                random -> "'" + random.nextInt(200) + ".0.0.1'"),
                        postgres("BIT(5)", texts("00000", "10000", "01111"), random -> "B'" + bits(random, 5) + "'"),
                        postgres(
                                "BIT VARYING",
                                texts("", "0", "1", "10"),
                                random -> "B'" + bits(random, random.nextInt(6)) + "'"),
                        postgres("\"char\"", texts("a", "B"), random -> "'" + (char) ('A' + random.nextInt(50)) + "'"),
                        postgres("NAME", texts("a", "B", "_"), random -> "'" + (char) ('A' + random.nextInt(50)) + "'"),
                        postgres("OID", values("0", "4294967295"), random -> random.nextInt(9999)),
                        postgres(
                                "XID8", texts("0", "18446744073709551615"), random -> "'" + random.nextInt(9999) + "'"),
                        mariaDb(
                                "BIGINT UNSIGNED",
                                values("0", "18446744073709551615", "9223372036854775808"),
                                random -> random.nextInt(99)),
                        mariaDb("FLOAT", values("0.1", "1e30", "-1e-30"), Random::nextFloat),
                        mariaDb("TINYINT(1)", values("0", "1", "2", "-1"), random -> random.nextInt(9) - 4),
                        mariaDb(
                                "DATE",
                                texts("0000-00-00", "2024-00-00", "2024-01-00", "0001-01-01"),
                                KeyOrderTest::date),
                        mariaDb(
                                "DATETIME(6)",
                                texts("0000-00-00 00:00:00", "2024-00-00 00:00:00"),
                                KeyOrderTest::dateTime),
                        mariaDb(
                                "TIME(6)",
                                texts("-838:59:59", "838:59:59", "-00:00:01", "24:00:00"),
                                KeyOrderTest::time),
                        mariaDb("YEAR", values("0", "1901", "2155"), random -> 1970 + random.nextInt(99)),
                        mariaDb(
                                "INET6",
                                texts("::", "::1", "ffff::"),
                                random -> "'" + Integer.toHexString(random.nextInt(9999)) + "::'"),
                        mariaDb("VARBINARY(8)", values("X''", "X'00'", "X'7f'", "X'ff'"), KeyOrderTest::hex),
                        mariaDb("BINARY(4)", values("X''", "X'00'", "X'7f'", "X'ff'"), KeyOrderTest::hex),
                        mariaDb("BIT(8)", values("b'0'", "b'11111111'"), random -> "b'" + bits(random, 8) + "'"),
                        mariaDb(
                                "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                                texts("a", "a ", "A"),
                                KeyOrderTest::word),
                        mariaDb(
                                "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
                                texts("a", "a "),
                                KeyOrderTest::word),
                        mariaDb(
                                "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci",
                                texts("a", "A"),
                                KeyOrderTest::word),
                        mariaDb(
                                "VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german2_ci",
                                texts("ä", "ae", "af"),
                                random -> "'" + "aäbßs".charAt(random.nextInt(5)) + "'"))
                .flatMap(column -> column);
    }

    private static Stream<Arguments> all(String type, List<String> values, Function<Random, Object> random) {
        return Stream.of(Engine.values()).flatMap(engine -> only(engine, type, values, random));
    }

    private static Stream<Arguments> postgres(String type, List<String> values, Function<Random, Object> random) {
        return only(Engine.POSTGRES, type, values, random);
    }

    private static Stream<Arguments> mariaDb(String type, List<String> values, Function<Random, Object> random) {
        return only(Engine.MARIADB, type, values, random);
    }

    private static Stream<Arguments> only(
            Engine engine, String type, List<String> values, Function<Random, Object> random) {
        Random seeded = new Random(type.hashCode());
        List<String> all = new ArrayList<>(values);
        IntStream.range(0, RANDOM_VALUES).forEach(i -> all.add(String.valueOf(random.apply(seeded))));
        return Stream.of(Arguments.of(engine, type, all));
    }

    private static List<String> values(String... values) {
        return List.of(values);
    }

    private static List<String> texts(String... values) {
        return Stream.of(values).map(value -> "'" + value + "'").toList();
    }

    private static List<String> zoned() {
        return texts("2024-10-27 02:30:00+02", "2024-10-27 02:30:00+01", "2024-10-27 01:30:00+01");
    }

    private static Object decimal(Random random) {
        return random.nextInt(2000) - 1000 + "." + random.nextInt(100);
    }

    private static Object date(Random random) {
        return "'20" + (10 + random.nextInt(80)) + "-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(9) + "'";
    }

    private static Object time(Random random) {
        return "'1" + random.nextInt(9) + ":0" + random.nextInt(9) + ":01." + random.nextInt(999999) + "'";
    }

    private static Object dateTime(Random random) {
        return "'2024-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(9) + " 12:00:0" + random.nextInt(9) + ".5'";
    }

    private static Object zoned(Random random) {
        return "'2024-01-0" + (1 + random.nextInt(3)) + " 12:00:00+0" + random.nextInt(9) + "'";
    }

    private static String uuid(String digit) {
        return "00000000-0000-0000-0000-000000000000".replace("0", digit);
    }

    private static Object uuid(Random random) {
        return "'" + new java.util.UUID(random.nextLong(), random.nextLong()) + "'";
    }

    private static Object word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < random.nextInt(4); i++) {
            word.appendCodePoint(LETTERS.codePoints()
                    .toArray()[random.nextInt((int) LETTERS.codePoints().count())]);
        }
        return "'" + word.toString().replace("'", "''") + "'";
    }

    private static Object hex(Random random) {
        return "X'" + bytes(random) + "'";
    }

    private static String bytes(Random random) {
        return String.format("%04x", random.nextInt(65536)).substring(0, 2 * (1 + random.nextInt(2)));
    }

    private static String bits(Random random, int digits) {
        return random.ints(digits, 0, 2).mapToObj(String::valueOf).reduce("", String::concat);
    }

    private static Database database(Engine engine) {
        return DATABASES.computeIfAbsent(engine, any -> {
            Database database = engine.newDatabase();
            if (engine == Engine.POSTGRES) {
                database.run(
                        "CREATE TYPE mood AS ENUM ('new', 'paid', 'cancelled', 'archived')",
                        "CREATE DOMAIN label AS varchar(40) COLLATE \"C\"",
                        "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
            }
            return database;
        });
    }

    @ParameterizedTest
    @MethodSource("columns")
    void shouldOrderValuesAsTheDatabaseOrdersItsColumn(Engine engine, String type, List<String> literals)
            throws SQLException {
        // Given
        try (Connection connection = database(engine).open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS pairs");
            statement.execute("CREATE TABLE pairs (n INTEGER NOT NULL PRIMARY KEY, k " + type + " NOT NULL)");
            if (engine == Engine.MARIADB) {
                statement.execute("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'");
            }
            for (int i = 0; i < literals.size(); i++) {
                statement.execute("INSERT INTO pairs VALUES (" + i + ", " + literals.get(i) + ")");
            }
            List<Object> left = new ArrayList<>();
            List<Object> right = new ArrayList<>();
            List<Integer> expected = new ArrayList<>();
            try (ResultSet pairs = statement.executeQuery("SELECT a.k AS l, b.k AS r, CASE WHEN a.k < b.k THEN -1"
                    + " WHEN a.k = b.k THEN 0 ELSE 1 END AS o FROM pairs a CROSS JOIN pairs b")) {
                RowReader reader = new RowReader(pairs, 0);
                while (pairs.next()) {
                    SourceRecord pair = reader.read();
                    left.add(pair.keyAt(0));
                    right.add(pair.keyAt(1));
                    expected.add((Integer) pair.keyAt(2));
                }
            }

            // When
            Dialect dialect = Dialect.of(connection);
            PageQuery keys = new PageQuery("SELECT k FROM pairs", (PreparedStatement none) -> {});
            KeyOrder.Asked asked = new DatabaseOrder(dialect, keys).over(connection);

            List<Integer> unknown = new ArrayList<>();
            int[] found = new int[expected.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = KeyOrder.compared(asked, left.get(i), right.get(i));
                if (found[i] == CursorOrder.UNKNOWN) {
                    unknown.add(i);
                }
            }
            if (!unknown.isEmpty()) {
                int[] answers = asked.compare(
                        "k",
                        unknown.stream().map(left::get).toList(),
                        unknown.stream().map(right::get).toList());
                IntStream.range(0, answers.length).forEach(i -> found[unknown.get(i)] = answers[i]);
            }

            // Then
            for (int i = 0; i < found.length; i++) {
                assertThat(Integer.signum(found[i]))
                        .as("%s and %s", left.get(i), right.get(i))
                        .isEqualTo(expected.get(i));
            }
        }
    }
}
