package dev.drover.pages;

import dev.drover.ledger.Cursor;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the option {@code startAfter}: one literal for each key column, separated by commas. A literal says by its
 * form what it is: {@code 42}, {@code 4.20}, {@code 2024-05-01}, {@code 2024-05-01T12:30:00} with or without an offset
 * such as {@code Z} or {@code +02:00}, a UUID, {@code 'text, quotes '' doubled'}; anything else is text as it stands,
 * without the blanks around it.
 */
public final class CursorLiteral {

    private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?";

    private static final Map<Pattern, Function<String, Object>> FORMS = new LinkedHashMap<>();

    static {
        FORMS.put(Pattern.compile("[+-]?[0-9]{1,18}"), Long::valueOf);
        FORMS.put(Pattern.compile("[+-]?[0-9]{19,}"), CursorLiteral::large);
        FORMS.put(Pattern.compile("[+-]?[0-9]+\\.[0-9]+"), BigDecimal::new);
        FORMS.put(Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), LocalDate::parse);
        FORMS.put(Pattern.compile(TIME), LocalDateTime::parse);
        FORMS.put(Pattern.compile(TIME + "(Z|[+-][0-9]{2}:[0-9]{2})"), OffsetDateTime::parse);
        FORMS.put(Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), UUID::fromString);
    }

    private CursorLiteral() {}

    /**
     * Reads a cursor.
     *
     * @param option what the text stands in, for messages
     * @param columns the key columns, in key order
     * @param text one literal for each
     * @throws IllegalArgumentException when there are more or fewer literals than columns, or a quote is left open
     */
    public static Cursor parse(String option, List<String> columns, String text) {
        List<String> literals = split(text);
        if (literals.size() != columns.size()) {
            throw new IllegalArgumentException(option + ": the key has " + columns.size() + " column(s) ("
                    + String.join(", ", columns) + "), but there are " + literals.size() + " value(s)");
        }
        return new Cursor(columns, literals.stream().map(CursorLiteral::value).toList());
    }

    private static List<String> split(String text) {
        List<String> literals = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' && (quoted || text.substring(start, i).isBlank() || text.charAt(i - 1) == '\'')) {
                quoted = !quoted; // a doubled quote closes and opens again
            } else if (c == ',' && !quoted) {
                literals.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("startAfter: a quote is not closed");
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

    /** 30 February has the form of a date and is none: text then, for the database to judge. */
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
