package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/**
 * The field of an item that shows whether its record failed.
 *
 * @param field its place in the item
 * @param absent true: the record failed if the field is absent, null, false, 0, no or empty; false: the record failed if
 *     the field is present and is not null, false or empty
 */
record FailedTest(JsonPointer field, boolean absent) {

    /** From {@code /error} or {@code !/success}. */
    static FailedTest of(String text) {
        boolean absent = text.startsWith("!");
        String pointer = absent ? text.substring(1) : text;
        if (!pointer.startsWith("/")) {
            throw new IllegalArgumentException("failed: " + text
                    + " is not allowed, it must be a JSON pointer to a field that only failed items have, such as"
                    + " /error, or that only accepted items have, such as !/success");
        }
        return new FailedTest(JsonPointer.compile(pointer), absent);
    }

    boolean holdsFor(JsonNode item) {
        JsonNode found = item.at(field);
        boolean has =
                switch (found.getNodeType()) {
                    case MISSING, NULL -> false;
                    case BOOLEAN -> found.booleanValue();
                    case NUMBER -> !absent || found.doubleValue() != 0;
                    case STRING -> !found.textValue().isEmpty() && !(absent && isFalse(found.textValue()));
                    case ARRAY, OBJECT -> !found.isEmpty();
                    default -> true;
                };
        return has != absent;
    }

    /** Some services write a boolean as text. */
    private static boolean isFalse(String text) {
        return Set.of("0", "false", "no").contains(text.toLowerCase(Locale.ROOT));
    }
}
