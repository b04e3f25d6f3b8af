package dev.drover.oracle;

import dev.drover.testing.Engine;
import java.util.List;
import java.util.function.Function;

/**
 * A type that a key column may have.
 *
 * @param ddl the type in a CREATE TABLE
 * @param lowest what is below all its values, as startAfter has it; empty where there is no such literal
 * @param literal a value as SQL has it
 */
record KeyType(String ddl, String lowest, Function<Dice, String> literal) {

    private static final String LETTERS = "aAbBcCzZ019 -_.\u00e4\u00c4\u00df\u00e9";
    private static final String UUID_LOWEST = "00000000-0000-0000-0000-000000000000";

    /** Neighbours from here on are the same number as a double, and so is text that is compared with them. */
    private static final long BEYOND_DOUBLE = 9_007_199_254_740_992L;

    /** One of an engine: a text or the longest whole number as often as any other. */
    static KeyType of(Engine engine, Dice dice) {
        List<KeyType> all = of(engine);
        return dice.chance(50)
                ? dice.one(all)
                : dice.one(all.stream()
                        .filter(type -> type.ddl().matches("bigint|citext|(text|varchar|char\\b).*"))
                        .toList());
    }

    /** Those of an engine. */
    static List<KeyType> of(Engine engine) {
        return switch (engine) {
            case POSTGRES ->
                List.of(
                        whole("smallint", 32_767),
                        whole("integer", Integer.MAX_VALUE),
                        whole("bigint", Long.MAX_VALUE),
                        decimal("numeric(12,3)"),
                        real("real", "'NaN'", "'Infinity'"),
                        real("double precision", "'NaN'", "'Infinity'"),
                        text("text"),
                        text("varchar(20)"),
                        text("char(8)"),
                        text("text COLLATE \"C\""),
                        text("text COLLATE \"en-US-x-icu\""),
                        text("text COLLATE caseless"),
                        text("citext"),
                        new KeyType("uuid", UUID_LOWEST, dice -> "'" + uuid(dice) + "'"),
                        new KeyType("bytea", "", dice -> "'\\x" + dice.text("0123456789abcdef", 6) + "'"),
                        new KeyType("date", "1900-01-01", dice -> dice.chance(3) ? "'infinity'" : day(dice)),
                        new KeyType("timestamp", "1900-01-01T00:00:00", dice -> time(dice, "")),
                        new KeyType(
                                "timestamptz",
                                "1900-01-01T00:00:00Z",
                                dice -> dice.chance(3) ? "'infinity'" : time(dice, "Z")),
                        new KeyType("time", "", dice -> dice.chance(3) ? "'24:00'" : clock(dice, "")),
                        new KeyType("timetz", "", dice -> clock(dice, dice.one("+00", "+02", "-05"))),
                        new KeyType(
                                "interval",
                                "",
                                dice -> "'" + dice.between(0, 40) + " days " + dice.between(0, 30) + " hours'"),
                        new KeyType("boolean", "", dice -> dice.one("true", "false")),
                        new KeyType("stage", "", dice -> dice.one("'new'", "'paid'", "'cancelled'", "'archived'")),
                        new KeyType(
                                "inet", "", dice -> "'10.0." + dice.between(0, 9) + "." + dice.between(0, 99) + "'"),
                        new KeyType("oid", "", dice -> dice.one("", "42949") + dice.between(1, 60_000)),
                        new KeyType("bit(8)", "", dice -> "B'" + dice.text("01", 8) + "'"),
                        new KeyType(
                                "integer[]", "", dice -> "'{" + dice.between(0, 9) + "," + dice.between(0, 9) + "}'"));
            case MARIADB ->
                List.of(
                        whole("tinyint", 127),
                        whole("smallint", 32_767),
                        whole("int", Integer.MAX_VALUE),
                        whole("bigint", Long.MAX_VALUE),
                        new KeyType(
                                "bigint unsigned",
                                "0",
                                dice -> dice.one("", "184467440737") + dice.between(1, 9_551_615)),
                        decimal("decimal(12,3)"),
                        real("float"),
                        real("double"),
                        text("varchar(20)"),
                        text("varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
                        text("varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"),
                        text("varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"),
                        text("varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_nopad_ci"),
                        text("varchar(20) CHARACTER SET latin1 COLLATE latin1_german2_ci"),
                        text("char(8)"),
                        new KeyType("varbinary(16)", "", dice -> "X'" + dice.text("0123456789abcdef", 6) + "'"),
                        new KeyType("binary(4)", "", dice -> "X'" + dice.text("0123456789abcdef", 8) + "'"),
                        new KeyType("uuid", UUID_LOWEST, dice -> "'" + uuid(dice) + "'"),
                        new KeyType("inet6", "", dice -> "'::" + dice.between(1, 9_999) + "'"),
                        new KeyType("date", "1900-01-01", KeyType::day),
                        new KeyType("datetime", "1900-01-01T00:00:00", dice -> time(dice, "")),
                        new KeyType("datetime(6)", "1900-01-01T00:00:00", dice -> time(dice, "")),
                        new KeyType("timestamp(6)", "1980-01-01T00:00:00", dice -> time(dice, "")),
                        new KeyType("time(6)", "", dice -> clock(dice, "")),
                        new KeyType("year", "0", dice -> String.valueOf(dice.between(1970, 2100))),
                        new KeyType(
                                "ENUM('new','paid','cancelled','archived')",
                                "''",
                                dice -> dice.one("'new'", "'paid'", "'cancelled'", "'archived'")),
                        new KeyType("SET('b','a','c')", "''", dice -> dice.one("'a'", "'b'", "'c'", "'b,a'", "'a,c'")),
                        new KeyType("bit(12)", "", dice -> "b'" + dice.text("01", 12) + "'"),
                        new KeyType("boolean", "-1", dice -> dice.one("true", "false")));
            case H2 ->
                List.of(
                        whole("tinyint", 127),
                        whole("smallint", 32_767),
                        whole("int", Integer.MAX_VALUE),
                        whole("bigint", Long.MAX_VALUE),
                        decimal("numeric(12,3)"),
                        real("real", "'NaN'", "'Infinity'"),
                        real("double precision", "'NaN'", "'Infinity'"),
                        real("decfloat", "'NaN'"),
                        text("varchar(20)"),
                        text("varchar_ignorecase(20)"),
                        text("char(8)"),
                        new KeyType("uuid", UUID_LOWEST, dice -> "'" + uuid(dice) + "'"),
                        new KeyType("varbinary(16)", "", dice -> "X'" + dice.text("0123456789abcdef", 6) + "'"),
                        new KeyType("binary(4)", "", dice -> "X'" + dice.text("0123456789abcdef", 8) + "'"),
                        new KeyType("date", "1900-01-01", KeyType::day),
                        new KeyType("timestamp(6)", "1900-01-01T00:00:00", dice -> time(dice, "")),
                        new KeyType(
                                "timestamp(6) with time zone",
                                "1900-01-01T00:00:00Z",
                                dice -> time(dice, dice.one("+00", "+02", "-05"))),
                        new KeyType("time(6)", "", dice -> clock(dice, "")),
                        new KeyType("time with time zone", "", dice -> clock(dice, dice.one("+00", "+02", "-05"))),
                        new KeyType("interval day", "", dice -> "INTERVAL '" + dice.between(0, 90) + "' DAY"),
                        new KeyType("boolean", "", dice -> dice.one("true", "false")),
                        new KeyType(
                                "ENUM('new','paid','cancelled','archived')",
                                "",
                                dice -> dice.one("'new'", "'paid'", "'cancelled'", "'archived'")),
                        new KeyType(
                                "integer array",
                                "",
                                dice -> "ARRAY[" + dice.between(0, 9) + "," + dice.between(0, 9) + "]"));
        };
    }

    private static KeyType whole(String ddl, long highest) {
        return new KeyType(
                ddl,
                String.valueOf(-highest - 1),
                dice -> dice.chance(3)
                        ? String.valueOf(dice.one(highest, -highest))
                        : highest > BEYOND_DOUBLE && dice.chance(50)
                                ? String.valueOf(BEYOND_DOUBLE + dice.between(0, 100))
                                : String.valueOf(dice.between(-100, 100)));
    }

    private static KeyType decimal(String ddl) {
        return new KeyType(ddl, "-99999999.999", dice -> dice.between(-99, 99) + "." + dice.text("0123456789", 3));
    }

    private static KeyType real(String ddl, String... special) {
        return new KeyType(
                ddl,
                "-1000000",
                dice -> special.length > 0 && dice.chance(3)
                        ? dice.one(special)
                        : dice.between(-99, 99) + "." + dice.text("0123456789", 9));
    }

    private static KeyType text(String ddl) {
        return new KeyType(
                ddl,
                "''",
                dice -> dice.chance(25) // numbers, which sort otherwise as text, or are equal as numbers
                        ? "'" + dice.one("", "0", "-") + dice.between(0, 120) + dice.one("", "", ".0") + "'"
                        : "'" + dice.one("a", "B", "c", "Z") + dice.text(LETTERS, dice.between(0, 6)) + "'");
    }

    private static String uuid(Dice dice) {
        String hex = dice.text("0123456789abcdef", 32);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    private static String day(Dice dice) {
        return "'20" + dice.between(10, 29) + "-" + two(dice.between(1, 12)) + "-" + two(dice.between(1, 28)) + "'";
    }

    /** Often in the hours around a change of the clock in Europe or in New York. */
    private static String time(Dice dice, String zone) {
        String day = dice.one("2025-10-26", "2025-10-25", "2025-11-02", "2026-03-29", "2026-06-01");
        return "'" + day + " " + two(dice.between(0, 23)) + ":" + two(dice.between(0, 59)) + ":"
                + two(dice.between(0, 59)) + dice.one("", ".5", ".000001") + zone + "'";
    }

    private static String clock(Dice dice, String zone) {
        return "'" + two(dice.between(0, 23)) + ":" + two(dice.between(0, 59)) + ":" + two(dice.between(0, 59)) + zone
                + "'";
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }
}
