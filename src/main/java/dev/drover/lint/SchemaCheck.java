package dev.drover.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.folder.YamlFile;
import dev.drover.route.Finding;
import dev.drover.route.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Checks a file by the schema of Camel's YAML DSL: unknown keys, values that are not allowed, wrong nesting. */
final class SchemaCheck {

    private static final int FEW = 15;

    private final DslSchema schema = new DslSchema();

    /** The mistakes in the file, except those that only follow from a mistake deeper down. */
    Stream<Finding> check(YamlFile file) {
        if (file.content().isMissingNode()) {
            return file.findings().isEmpty()
                    ? Stream.of(file.finding("", "file", "has no route; write one, or delete the file"))
                    : Stream.empty();
        }
        Map<String, List<DslSchema.Refused>> byPlace = new TreeMap<>();
        schema.refused(file.content())
                .forEach(refused -> byPlace.computeIfAbsent(refused.place(), place -> new ArrayList<>())
                        .add(refused));
        Set<String> meant = new HashSet<>();
        byPlace.forEach((place, messages) -> meant.add(parent(place) + "/" + meant(messages)));
        return byPlace.entrySet().stream()
                .filter(entry -> !isOneOfSeveralTypes(entry.getKey(), entry.getValue(), byPlace.keySet()))
                .filter(entry -> !meant.contains(entry.getKey()))
                .map(entry -> finding(file, entry.getKey(), entry.getValue()));
    }

    /** The key that an unknown key was probably meant to be, so that it is not reported as missing. */
    private static String meant(List<DslSchema.Refused> messages) {
        return isUnknown(messages)
                ? Nearest.to(messages.get(0).key(), allowed(messages).stream()).orElse("")
                : "";
    }

    /**
     * Whether the value is a mapping where text is allowed too, and has a mistake inside. Only that mistake is
     * reported.
     */
    private static boolean isOneOfSeveralTypes(String place, List<DslSchema.Refused> messages, Collection<String> all) {
        return messages.get(0).word().equals("type") && all.stream().anyMatch(other -> other.startsWith(place + "/"));
    }

    private static Finding finding(YamlFile file, String place, List<DslSchema.Refused> messages) {
        DslSchema.Refused first = messages.get(0);
        String key = first.key();
        return switch (first.word()) {
            case "additionalProperties" -> file.finding(place, key, unknown(key, parent(place), allowed(messages)));
            case "required" -> file.finding(place, key, "is missing, " + nameOf(parent(place)) + " needs it");
            case "pattern" ->
                file.finding(
                        place,
                        key,
                        "'" + first.node().asText() + "' is not allowed, it must be "
                                + DslSchema.allowedScalar(first.said().asText()));
            case "enum" -> file.finding(place, key, notOneOf(first));
            case "type" -> file.finding(place, nameOf(place), mustBe(messages));
            default -> file.finding(place, nameOf(place), "must have at most " + first.said() + " properties");
        };
    }

    private static String unknown(String key, String parent, Collection<String> allowed) {
        String hint = Nearest.hint(key, allowed);
        String where = parent.lastIndexOf('/') <= 0 ? "at the top of a file" : "in " + nameOf(parent);
        String list = hint.isEmpty() && allowed.size() <= FEW ? ", allowed are " + String.join(", ", allowed) : "";
        return "is not known " + where + list + hint;
    }

    private static String notOneOf(DslSchema.Refused message) {
        List<String> allowed = StreamSupport.stream(message.said().spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        String value = message.node().asText();
        return "'" + value + "' is not allowed, it must be one of " + String.join(", ", allowed)
                + Nearest.hint(value, allowed);
    }

    private static String mustBe(List<DslSchema.Refused> messages) {
        return "must be "
                + messages.stream()
                        .map(message -> switch (message.said().asText()) {
                            case "array" -> "a list (lines that begin with -)";
                            case "object" -> "a mapping (lines of key: value)";
                            default -> "text";
                        })
                        .distinct()
                        .collect(Collectors.joining(" or "));
    }

    private static Set<String> allowed(List<DslSchema.Refused> messages) {
        Set<String> allowed = new TreeSet<>();
        messages.stream()
                .filter(message -> message.word().equals("additionalProperties"))
                .forEach(message -> message.allowedKeys().forEachRemaining(allowed::add));
        return allowed;
    }

    private static boolean isUnknown(List<DslSchema.Refused> messages) {
        return messages.get(0).word().equals("additionalProperties");
    }

    private static String parent(String place) {
        int end = place.lastIndexOf('/');
        return end < 0 ? "" : place.substring(0, end);
    }

    /** The nearest key above an item of a list: {@code steps} for {@code /0/route/from/steps/2}. */
    private static String nameOf(String place) {
        String name = place.substring(place.lastIndexOf('/') + 1);
        if (name.isEmpty()) {
            return "file";
        }
        return Character.isDigit(name.charAt(0)) ? nameOf(parent(place)) : name;
    }
}
