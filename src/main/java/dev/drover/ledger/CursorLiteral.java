package dev.drover.ledger;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The text form of keys for people, in the option {@code startAfter}, in commands and in the log: one literal for each
 * key column, separated by commas. The form of a literal decides its type: {@code 42}, {@code 4.20}, {@code 1.0E10},
 * {@code NaN}, {@code true}, {@code 2024-05-01}, {@code 12:30:00}, {@code 2024-05-01T12:30:00}, a time with an offset
 * such as {@code Z} or {@code +02:00}, a UUID, bytes {@code x'00ff'}, {@code 'text, quotes '' doubled'}. Anything else
 * is text without the blanks around it.
 */
public final class CursorLiteral {

    private static final String DAY = "([+-][0-9]{4,9}|[0-9]{4})-[0-9]{2}-[0-9]{2}";
    private static final String CLOCK = "[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?";
    private static final String OFFSET = "(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)";
    private static final Pattern BYTES = Pattern.compile("x'(([0-9a-fA-F]{2})*)'");

    private static final Map<Pattern, Function<String, Object>> FORMS = new LinkedHashMap<>();

    static {
        form("[+-]?[0-9]{1,18}", Long::valueOf);
        form("[+-]?[0-9]{19,}", CursorLiteral::large);
        form("[+-]?[0-9]+\\.[0-9]+", BigDecimal::new);
        form("[+-]?[0-9]+\\.[0-9]+E-?[0-9]+|NaN|-?Infinity", Double::valueOf);
        form("true|false", Boolean::valueOf);
        form(DAY, LocalDate::parse);
        form(CLOCK, LocalTime::parse);
        form(CLOCK + OFFSET, OffsetTime::parse);
        form(DAY + "T" + CLOCK, LocalDateTime::parse);
        form(DAY + "T" + CLOCK + OFFSET, OffsetDateTime::parse);
        form("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", UUID::fromString);
        form(BYTES.pattern(), literal -> HexFormat.of().parseHex(literal.substring(2, literal.length() - 1)));
    }

    private CursorLiteral() {}

    private static void form(String pattern, Function<String, Object> reader) {
        FORMS.put(Pattern.compile(pattern), reader);
    }

    /** The literal of a value. {@link #parse} reads an equal value from it. */
    static String write(Object value) {
        if (value instanceof byte[] bytes) {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        String text = value.toString();
        return !(value instanceof String) || isPlain(text) ? text : "'" + text.replace("'", "''") + "'";
    }

    /** Whether a text needs no quotes. */
    private static boolean isPlain(String text) {
        return !text.isEmpty()
                && text.equals(text.strip())
                && text.indexOf(',') < 0
                && text.indexOf('\'') < 0
                && value(text).equals(text);
    }

    /**
     * Reads a cursor.
     *
     * @param columns the key columns, in key order
     * @param text one literal for each column
     * @throws IllegalArgumentException if the number of literals is wrong or a quote is not closed
     */
    public static Cursor parse(List<String> columns, String text) {
        List<String> literals = split(text);
        if (literals.size() != columns.size()) {
            throw new IllegalArgumentException("the key has " + columns.size() + " column(s) ("
                    + String.join(", ", columns) + "), but there are " + literals.size() + " value(s)");
        }
        return new Cursor(columns, literals.stream().map(CursorLiteral::value).toList());
    }

    private static List<String> split(String text) {
        List<String> literals = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        boolean wasQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\'') {
                quoted = false;
                wasQuoted = true;
            } else if (c == '\'') {
                String before = text.substring(start, i).strip();
                boolean doubled = wasQuoted && text.charAt(i - 1) == '\'';
                quoted = before.isEmpty() || before.equals("x") || doubled;
            } else if (c == ',' && !quoted) {
                literals.add(text.substring(start, i).strip());
                start = i + 1;
                wasQuoted = false;
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        literals.add(text.substring(start).strip());
        return literals;
    }

    private static Object value(String literal) {
        if (literal.length() >= 2 && literal.startsWith("'") && literal.endsWith("'")) {
            return literal.substring(1, literal.length() - 1).replace("''", "'");
        }
        for (Map.Entry<Pattern, Function<String, Object>> form : FORMS.entrySet()) {
            if (form.getKey().matcher(literal).matches()) {
                return valueOrText(literal, form.getValue());
            }
        }
        return literal;
    }

    /**
     * Reads a literal by its form. An impossible date, such as 30 February, stays a text, which the database judges.
     */
    private static Object valueOrText(String literal, Function<String, Object> form) {
        try {
            return form.apply(literal);
        } catch (DateTimeException notATime) {
            return literal;
        }
    }

    private static Object large(String literal) {
        BigDecimal number = new BigDecimal(literal);
        return number.toBigInteger().bitLength() < Long.SIZE ? (Object) number.longValueExact() : number;
    }
}
