package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/**
 * The member of an item that says that its record failed.
 *
 * @param member its place in the item
 * @param absent true: the record failed if the member is absent, or is null, false, 0, no or empty; false: the record
 *     failed if the member is there, and is not null, false or empty
 */
record FailedTest(JsonPointer member, boolean absent) {

    /** From {@code /error} or {@code !/success}. */
    static FailedTest of(String text) {
        boolean absent = text.startsWith("!");
        String pointer = absent ? text.substring(1) : text;
        if (!pointer.startsWith("/")) {
            throw new IllegalArgumentException("failed: " + text
                    + " is not allowed, it must be a JSON pointer to what only failed items have, such as /error, or to"
                    + " what only accepted ones have, such as !/success");
        }
        return new FailedTest(JsonPointer.compile(pointer), absent);
    }

    boolean holdsFor(JsonNode item) {
        JsonNode found = item.at(member);
        boolean has =
                switch (found.getNodeType()) {
                    case MISSING, NULL -> false;
                    case BOOLEAN -> found.booleanValue();
                    case NUMBER -> !absent || found.doubleValue() != 0;
                    case STRING -> !found.textValue().isEmpty() && !(absent && saysNo(found.textValue()));
                    case ARRAY, OBJECT -> !found.isEmpty();
                    default -> true;
                };
        return has != absent;
    }

    /** Some services write a truth value as text or as a number. */
    private static boolean saysNo(String text) {
        return Set.of("0", "false", "no").contains(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return (absent ? "!" : "") + member;
    }
}
