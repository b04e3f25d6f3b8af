package dev.drover.routetest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares the expectations of a test with what happened. There is one line for each difference. */
final class Difference {

    /** Below these keys the actual value may have no other keys than the expected one. */
    private static final Set<String> EXACT = Set.of("body", "payload", "halted");

    /** At and below these keys the expected text may be a part of the actual one. */
    private static final Set<String> PARTS = Set.of("reason", "halted");

    private final List<String> lines = new ArrayList<>();

    /** The lines; none if all is as expected. */
    static List<String> between(JsonNode expected, JsonNode actual) {
        Difference difference = new Difference();
        difference.compare("", expected, actual, false, false);
        return difference.lines;
    }

    private void compare(String place, JsonNode expected, JsonNode actual, boolean exact, boolean part) {
        if (expected.isObject() && actual.isObject()) {
            Set<String> keys = new TreeSet<>();
            expected.fieldNames().forEachRemaining(keys::add);
            if (exact) {
                actual.fieldNames().forEachRemaining(keys::add);
            }
            for (String field : keys) {
                compare(
                        place.isEmpty() ? field : place + "." + field,
                        expected.path(field),
                        actual.path(field),
                        exact || EXACT.contains(field),
                        part || (!exact && PARTS.contains(field)));
            }
        } else if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                compare(place + "[" + i + "]", expected.path(i), actual.path(i), exact, part);
            }
        } else if (!isEqual(part, expected, actual)) {
            lines.add(place + ": expected " + text(expected) + ", was " + text(actual));
        }
    }

    private static boolean isEqual(boolean part, JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        boolean isPart = part && actual.isTextual() && expected.isTextual();
        return isPart ? actual.textValue().contains(expected.textValue()) : expected.equals(actual);
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }
}
