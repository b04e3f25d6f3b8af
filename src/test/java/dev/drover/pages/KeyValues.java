package dev.drover.pages;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Adversarial values of the types that a key column may have, as SQL. The same seed gives the same values. */
final class KeyValues {

    private static final List<String> LETTERS = List.of(
            "a", "A", "b", "B", "z", "Z", "ä", "Ä", "á", "e\u0301", "é", "ß", "ss", "ﷺ", "İ", "ı", "i", "I", "ö", "œ",
            "中", "😀", "\uFFFD", "\u00AD", "\u200B", " ", "  ", "\t", "\n", "\r", "\u0001", "\u007F", "-", "_", "'",
            "\"", "\\", ",", "%", "0", "1", "10", "9", ".", "é", "Å", "aa", "cs", "ch", "Σ", "ς", "σ", "か", "カ", "ｶ");

    private final Random random;

    KeyValues(long seed) {
        this.random = new Random(seed);
    }

    /** So many values; the well-known edges first. */
    List<String> of(String kind, int count) {
        List<String> values = new ArrayList<>(edges(kind));
        Supplier<String> more = more(kind);
        while (values.size() < count && more != null) {
            values.add(more.get());
        }
        return values;
    }

    private List<String> edges(String kind) {
        return switch (kind) {
            case "int8" -> List.of("-128", "127", "0", "1", "-1", "5");
            case "uint8" -> List.of("0", "255", "127", "128");
            case "int16" -> List.of("-32768", "32767", "0", "-1");
            case "uint16" -> List.of("0", "65535", "32768");
            case "int24" -> List.of("-8388608", "8388607", "0");
            case "uint24" -> List.of("0", "16777215", "8388608");
            case "int32" -> List.of("-2147483648", "2147483647", "0", "-1");
            case "uint32" -> List.of("0", "4294967295", "2147483648");
            case "int64" -> List.of("-9223372036854775808", "9223372036854775807", "0", "9007199254740993");
            case "xid8" -> quoted("0", "18446744073709551615", "9223372036854775808", "9", "10");
            case "uint64" -> List.of("0", "18446744073709551615", "9223372036854775808");
            case "decimal" -> List.of("0", "0.00", "-0.01", "0.01", "9999999.99", "-9999999.99", "1000000", "0.10");
            case "numeric" ->
                List.of("0", "1e-20", "1e30", "-1e30", "'NaN'", "'Infinity'", "'-Infinity'", "0.10", "1e100", "1e-100");
            case "decfloat" -> List.of("0", "1E-20", "1E+30", "-1E30", "'NaN'", "'Infinity'", "'-Infinity'", "0.10");
            case "float" ->
                quoted("0", "-0", "NaN", "Infinity", "-Infinity", "3.4028235e38", "1e-45", "0.1", "16777216", "0.7");
            case "double" ->
                quoted("0", "-0", "NaN", "Infinity", "-Infinity", "1.7976931348623157e308", "4.9e-324", "0.1", "1e22");
            case "mariadb float" -> List.of("0", "-0.0", "0.1", "3.40282e38", "16777216", "16777218", "0.7");
            case "mariadb double" ->
                List.of("0e0", "-0e0", "0.1", "1.7976931348623157e308", "2.2250738585072014e-308", "1e22", "0.7");
            case "boolean" -> List.of("FALSE", "TRUE");
            case "bit1" -> List.of("b'0'", "b'1'");
            case "bits" -> List.of("b'0'", "b'1'", "b'10'", "b'101'", "b'1111111111'");
            case "date" -> quoted("0001-01-01", "9999-12-31", "1970-01-01", "1582-10-10", "2024-02-29");
            case "postgres date" ->
                quoted(
                        "infinity",
                        "-infinity",
                        "4713-01-01 BC",
                        "0044-03-15 BC",
                        "20240-03-15",
                        "5874897-12-31",
                        "0001-01-01",
                        "1582-10-10");
            case "postgres time" -> quoted("00:00", "24:00", "23:59:59.999999", "12:30", "00:00:00.000001");
            case "postgres timetz" ->
                quoted(
                        "00:00+00",
                        "24:00+00",
                        "24:00-15:59",
                        "12:30+02",
                        "12:30:00.000001-11:30",
                        "10:30+00",
                        "00:00+15:59:59",
                        "23:59:59.999999-02");
            case "postgres timestamp" ->
                quoted(
                        "infinity",
                        "-infinity",
                        "4713-01-01 00:00:00 BC",
                        "0044-03-15 01:02:03 BC",
                        "294276-12-31 23:59:59.999999",
                        "20240-03-15 00:00:00",
                        "2024-05-01 12:30",
                        "1582-10-10 00:00");
            case "postgres timestamptz" ->
                quoted(
                        "infinity",
                        "-infinity",
                        "4713-01-02 00:00:00+00 BC",
                        "0044-03-15 01:02:03+00 BC",
                        "294276-12-31 23:59:59.999999+00",
                        "2024-10-27 02:30:00+02",
                        "2024-10-27 02:30:00+01",
                        "1890-01-01 00:00:00.000001+00");
            case "h2 date" ->
                List.of("DATE '-0043-03-15'", "DATE '20240-03-15'", "DATE '0001-01-01'", "DATE '1582-10-10'");

            case "h2 time" -> quoted("00:00:00", "23:59:59.999999999", "12:30:00", "00:00:00.000000001");
            case "h2 timetz" ->
                quoted("00:00:00+00:00", "23:59:59.999999999-18:00", "12:30:00+02:00", "10:30:00+00:00");
            case "h2 timestamp" ->
                List.of(
                        "TIMESTAMP '-0043-03-15 01:02:03'",
                        "TIMESTAMP '20240-03-15 00:00:00'",
                        "TIMESTAMP '2024-10-27 02:30:00'");
            case "h2 timestamptz" ->
                List.of(
                        "TIMESTAMP WITH TIME ZONE '-0043-03-15 01:02:03+01:00'",
                        "TIMESTAMP WITH TIME ZONE '20240-03-15 00:00:00-05:30'",
                        "TIMESTAMP WITH TIME ZONE '2024-10-27 02:30:00+02:00'",
                        "TIMESTAMP WITH TIME ZONE '2024-10-27 02:30:00+01:00'");
            case "mariadb date" ->
                quoted("0000-00-00", "2024-00-00", "2024-02-00", "9999-12-31", "1000-01-01", "0001-01-01");
            case "mariadb time" ->
                quoted(
                        "-838:59:59.999999",
                        "838:59:59.999999",
                        "00:00:00",
                        "24:00:00",
                        "23:59:59.999999",
                        "-00:00:01",
                        "12:30:00",
                        "100:30:00");
            case "mariadb datetime" ->
                quoted(
                        "0000-00-00 00:00:00",
                        "2024-00-00 00:00:00",
                        "9999-12-31 23:59:59.999999",
                        "1000-01-01 00:00:00",
                        "2024-10-27 02:30:00");
            case "mariadb timestamp" ->
                quoted(
                        "0000-00-00 00:00:00",
                        "1970-01-01 00:00:01",
                        "2038-01-19 03:14:07",
                        "2025-10-26 00:00:00.000001");
            case "year" -> List.of("0", "1901", "2155", "1970", "2024", "2000");
            case "text", "ascii" -> quoted("", " ", "a", "A", "a ", "a\t", "10", "9", "true", "NaN");
            case "sql text" -> quoted("a'b", "a\\b", "");
            case "letters" -> quoted("b", "a", "d", "c");
            case "set" -> quoted("", "b", "a", "b,a", "c", "b,c");
            case "interval" ->
                quoted(
                        "1 day",
                        "24:00:00",
                        "30 days",
                        "1 mon",
                        "-1 day 02:00:00",
                        "178000000 years",
                        "0",
                        "1.000001 s");
            case "h2 interval" ->
                List.of(
                        "INTERVAL '1 02:03:04.5' DAY TO SECOND",
                        "INTERVAL '-9 00:00:00' DAY TO SECOND",
                        "INTERVAL '10 00:00:00' DAY TO SECOND");
            case "money" -> quoted("-92233720368547758.08", "92233720368547758.07", "0", "1234.5");
            case "inet" ->
                quoted("10.0.0.1", "10.0.0.1/8", "::1", "10.0.0.0/8", "9.0.0.0/8", "100.0.0.0/8", "fe80::1/64");
            case "cidr" -> quoted("10.0.0.0/8", "9.0.0.0/8", "100.0.0.0/8", "::/0", "fe80::/64", "10.0.0.0/24");
            case "mac" -> quoted("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "08:00:2b:01:02:03");
            case "lsn" -> quoted("0/0", "FFFFFFFF/FFFFFFFF", "A/1", "1/A", "10/0");
            case "inet4" -> quoted("0.0.0.0", "255.255.255.255", "9.0.0.0", "10.0.0.0", "100.0.0.0");
            case "inet6" -> quoted("::", "ffff::", "::1", "fe80::1", "::ffff:10.0.0.1", "9::", "10::");
            case "array" -> quoted("{}", "{1}", "{NULL}", "{1,2}", "{10}", "{9}");
            case "range" -> quoted("empty", "[1,5)", "(,)", "[10,20)", "[9,)");
            case "json" -> quoted("1", "\"1\"", "null", "[]", "{}", "{\"a\": 1}", "10", "9");
            case "char" -> quoted("a", "A", "9", " ");
            default -> List.of();
        };
    }

    private Supplier<String> more(String kind) {
        return switch (kind) {
            case "int8" -> () -> whole(8, true);
            case "uint8" -> () -> whole(8, false);
            case "int16" -> () -> whole(16, true);
            case "uint16" -> () -> whole(16, false);
            case "int24" -> () -> whole(24, true);
            case "uint24" -> () -> whole(24, false);
            case "int32" -> () -> whole(32, true);
            case "uint32" -> () -> whole(32, false);
            case "int64" -> () -> whole(64, true);
            case "xid8" -> () -> "'" + whole(64, false) + "'";
            case "uint64" -> () -> whole(64, false);
            case "decimal" ->
                () -> new BigDecimal(new BigInteger(28, random), 2)
                        .subtract(new BigDecimal("1342177.28"))
                        .toString();
            case "numeric", "decfloat" ->
                () -> new BigDecimal(new BigInteger(90, random), random.nextInt(40)).toPlainString();
            case "float" -> () -> "'" + Float.intBitsToFloat(random.nextInt()) + "'";
            case "double" -> () -> "'" + Double.longBitsToDouble(random.nextLong()) + "'";
            case "mariadb float" -> () -> String.valueOf((random.nextFloat() - 0.5f) * 1000);
            case "mariadb double" -> this::finite;
            case "bits" -> () -> "b'" + Integer.toBinaryString(random.nextInt(1024)) + "'";
            case "fixed bits" ->
                () -> "b'" + Integer.toBinaryString(1024 + random.nextInt(1024)).substring(1) + "'";
            case "date", "mariadb date" -> () -> "'" + LocalDate.ofEpochDay(random.nextInt(80000) - 40000) + "'";
            case "postgres date", "h2 date" ->
                () -> "DATE '" + LocalDate.ofEpochDay(random.nextInt(800000) - 400000) + "'";
            case "postgres time", "h2 time" -> () -> "'" + clock() + "'";
            case "postgres timetz" -> () -> "'" + clock() + offset(15) + "'";
            case "h2 timetz" -> () -> "'" + clock() + offset(17) + "'";
            case "postgres timestamp", "mariadb datetime" -> () -> "'" + moment().replace('T', ' ') + "'";
            case "h2 timestamp" -> () -> "TIMESTAMP '" + moment().replace('T', ' ') + "'";
            case "postgres timestamptz" -> () -> "'" + moment().replace('T', ' ') + offset(15) + "'";
            case "h2 timestamptz" -> () -> "TIMESTAMP WITH TIME ZONE '" + moment().replace('T', ' ') + offset(17) + "'";
            case "mariadb time" ->
                () -> String.format(
                        Locale.ROOT,
                        "'%s%02d:%02d:%02d.%06d'",
                        random.nextBoolean() ? "-" : "",
                        random.nextInt(800),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(1000000));
            // around both ends of summer time in Europe, half a minute apart
            case "mariadb timestamp" ->
                () -> "'"
                        + LocalDateTime.of(2025, random.nextBoolean() ? 10 : 3, random.nextBoolean() ? 26 : 30, 0, 0)
                                .minusHours(1)
                                .plusSeconds(30L * random.nextInt(500))
                                .toString()
                                .replace('T', ' ')
                        + "'";
            case "year" -> () -> String.valueOf(1901 + random.nextInt(255));
            case "text" -> () -> text(LETTERS.size(), 5);
            case "ascii" -> () -> "'" + (char) ('!' + random.nextInt(6)) + (char) ('a' + random.nextInt(20)) + "'";
            case "bytes" -> () -> "\\x" + HexFormat.of().formatHex(bytes(random.nextInt(6)));
            case "uuid" -> () -> "'" + uuid() + "'";
            case "inet" ->
                () -> "'" + random.nextInt(256) + "." + random.nextInt(256) + ".0.1/" + (8 + random.nextInt(25)) + "'";
            case "inet4" ->
                () -> "'" + random.nextInt(256) + "." + random.nextInt(256) + ".0." + random.nextInt(256) + "'";
            case "inet6" ->
                () -> "'" + Integer.toHexString(random.nextInt(65536)) + "::"
                        + Integer.toHexString(random.nextInt(65536)) + "'";
            case "mac" -> () -> "'" + HexFormat.ofDelimiter(":").formatHex(bytes(6)) + "'";
            case "lsn" ->
                () -> "'" + Integer.toHexString(random.nextInt(300)) + "/" + Integer.toHexString(random.nextInt())
                        + "'";
            case "interval" -> () -> "'" + (random.nextInt(60) - 30) + " days " + (random.nextInt(80) - 40) + " hours'";
            case "h2 interval" ->
                () -> "INTERVAL '" + random.nextInt(99) + " " + random.nextInt(24) + ":00:00' DAY TO SECOND";
            default -> null;
        };
    }

    private String finite() {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) && Math.abs(value) > 1e-300 ? String.valueOf(value) : "1.5e0";
    }

    private String whole(int bits, boolean signed) {
        BigInteger value = new BigInteger(1 + random.nextInt(bits), random);
        return (signed ? value.subtract(BigInteger.ONE.shiftLeft(bits - 1)) : value).toString();
    }

    private String clock() {
        return LocalTime.ofNanoOfDay(random.nextInt(86_400) * 1_000_000_000L + random.nextInt(1_000_000) * 1000L)
                .plusNanos(1000)
                .toString();
    }

    /** Many of them in the hours that are repeated or left out in Europe. */
    private String moment() {
        LocalDateTime from =
                LocalDateTime.of(2024, random.nextBoolean() ? 10 : 3, random.nextBoolean() ? 27 : 31, 0, 0);
        LocalDateTime at = random.nextInt(3) == 0
                ? from.minusDays(random.nextInt(700_000)).plusSeconds(random.nextInt(86_400))
                : from.plusMinutes(random.nextInt(300));
        return at.plusNanos(1000L * (1 + random.nextInt(999_999))).toString();
    }

    private String offset(int most) {
        return String.format(Locale.ROOT, "%+03d:%02d", random.nextInt(2 * most) - most, 15 * random.nextInt(4));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private UUID uuid() {
        UUID any = new UUID(random.nextLong(), random.nextLong());
        long version = (random.nextInt(9) & 0xFL) << 12;
        return new UUID((any.getMostSignificantBits() & ~0xF000L) | version, any.getLeastSignificantBits());
    }

    private String text(int letters, int most) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(most + 1);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.get(random.nextInt(letters)));
        }
        return "'" + text.toString().replace("'", "''") + "'";
    }

    private static List<String> quoted(String... values) {
        return List.of(values).stream()
                .map(value -> "'" + value.replace("'", "''") + "'")
                .toList();
    }
}
