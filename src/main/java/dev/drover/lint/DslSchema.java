package dev.drover.lint;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.folder.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The schema of Camel's YAML DSL, adapted to {@link YamlFile}, in which every scalar is text. */
final class DslSchema {

    private static final String FILE = "schema/camelYamlDsl.json";

    private static final String EXPRESSION = "#/items/definitions/org.apache.camel.model.language.ExpressionDefinition";

    /** Camel accepts {@code "1000"} as a number, and a placeholder or a reference as any value. */
    private static final String PLACEHOLDER = "\\{\\{|^[#$]";

    private static final Map<String, String> SCALARS = Map.of(
            "boolean", "^(true|false)$|" + PLACEHOLDER,
            "number", "^-?[0-9]+([.][0-9]+)?$|" + PLACEHOLDER,
            "integer", "^-?[0-9]+$|" + PLACEHOLDER);

    final JsonNode dsl;

    DslSchema() {
        try (InputStream in = DslSchema.class.getClassLoader().getResourceAsStream(FILE)) {
            dsl = fitted(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new IllegalStateException("the schema of Camel's YAML DSL cannot be read", e);
        }
    }

    /**
     * A violation of a keyword of the schema.
     *
     * @param place the JSON pointer of the value, or of the unknown or missing key
     * @param key the last part of the place
     * @param word the keyword
     * @param said the value of the keyword
     * @param schema the part of the schema with the keyword
     * @param node the value in the file; for a missing key, its parent
     */
    record Refused(String place, String key, String word, JsonNode said, JsonNode schema, JsonNode node) {

        /** The allowed keys in place of an unknown one. */
        Iterator<String> allowedKeys() {
            return schema.path("properties").fieldNames();
        }
    }

    /**
     * All violations in the order of the schema. If no alternative allows a value, these are the violations of each.
     */
    List<Refused> refused(JsonNode content) {
        List<Refused> refused = new ArrayList<>();
        compare(dsl, content, "", refused);
        return refused;
    }

    /**
     * Supports only the few keywords that the schema uses. A library took longer at each start than all other checks.
     */
    private void compare(JsonNode schema, JsonNode node, String place, List<Refused> refused) {
        if (schema.has("$ref")) {
            compare(dsl.at(schema.get("$ref").textValue().substring(1)), node, place, refused);
            return;
        }
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            JsonNode said = entry.getValue();
            switch (entry.getKey()) {
                case "oneOf" -> alternatives(said, node, place, refused);
                case "items" -> {
                    for (int i = 0; node.isArray() && i < node.size(); i++) {
                        compare(said, node.get(i), place + "/" + i, refused);
                    }
                }
                case "properties" -> {
                    for (Map.Entry<String, JsonNode> child : node.properties()) {
                        if (said.has(child.getKey())) {
                            String below = below(place, child.getKey());
                            compare(said.get(child.getKey()), child.getValue(), below, refused);
                        }
                    }
                }
                case "additionalProperties" -> {
                    for (Map.Entry<String, JsonNode> child : node.properties()) {
                        if (!said.asBoolean() && !schema.path("properties").has(child.getKey())) {
                            refuse(below(place, child.getKey()), child.getKey(), entry, schema, node, refused);
                        }
                    }
                }
                case "required" -> {
                    for (JsonNode key : said) {
                        if (node.isObject() && !node.has(key.textValue())) {
                            refuse(below(place, key.textValue()), key.textValue(), entry, schema, node, refused);
                        }
                    }
                }
                default -> {
                    if (refuses(entry.getKey(), said, node)) {
                        refuse(place, place.substring(place.lastIndexOf('/') + 1), entry, schema, node, refused);
                    }
                }
            }
        }
    }

    private static void refuse(
            String place,
            String key,
            Map.Entry<String, JsonNode> word,
            JsonNode schema,
            JsonNode node,
            List<Refused> refused) {
        refused.add(new Refused(place, key, word.getKey(), word.getValue(), schema, node));
    }

    private void alternatives(JsonNode alternatives, JsonNode node, String place, List<Refused> refused) {
        List<Refused> all = new ArrayList<>();
        for (JsonNode alternative : alternatives) {
            int before = all.size();
            compare(alternative, node, place, all);
            if (all.size() == before) {
                return;
            }
        }
        refused.addAll(all);
    }

    private static boolean refuses(String word, JsonNode said, JsonNode node) {
        return switch (word) {
            case "type" ->
                switch (said.textValue()) {
                    case "object" -> !node.isObject();
                    case "array" -> !node.isArray();
                    default -> !node.isTextual();
                };
            case "enum" -> said.valueStream().noneMatch(node::equals);
            case "pattern" ->
                node.isTextual()
                        && !Pattern.compile(said.textValue())
                                .matcher(node.textValue())
                                .find();
            case "maxProperties" -> node.size() > said.intValue() && node.isObject();
            case "$schema", "definitions", "title", "description", "default", "format" -> false;
            default -> throw new IllegalStateException("the schema of Camel's YAML DSL has a new word: " + word);
        };
    }

    private static String below(String place, String key) {
        return place + JsonPointer.empty().appendProperty(key);
    }

    /** The allowed scalars, by the pattern that was violated. */
    static String allowedScalar(String pattern) {
        if (pattern.equals(SCALARS.get("boolean"))) {
            return "true or false";
        }
        return pattern.equals(SCALARS.get("number")) ? "a number" : "a whole number";
    }

    private static JsonNode fitted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            String pattern = SCALARS.get(node.path("type").asText());
            if (pattern != null) {
                object.put("type", "string").put("pattern", pattern);
            }
            if (node.path("anyOf").isArray() && node.path("properties") instanceof ObjectNode properties) {
                flatten(properties, object.remove("anyOf"));
            }
            if (node.path("deprecated").isBoolean()) {
                object.remove("deprecated");
            }
        }
        node.forEach(DslSchema::fitted);
        return node;
    }

    /**
     * Moves the rules of alternatives to their keys. The schema lists 25 alternatives for the keys of an expression,
     * which would give 25 messages for each mistake.
     */
    private static void flatten(ObjectNode properties, JsonNode alternatives) {
        for (JsonNode said : alternatives.findValues("properties")) {
            said.properties().forEach(key -> {
                if (properties.path(key.getKey()).isEmpty()) {
                    properties.set(key.getKey(), key.getValue());
                }
            });
        }
        boolean anyExpression = alternatives.findValuesAsText("$ref").contains(EXPRESSION);
        if (anyExpression) {
            properties.fieldNames().forEachRemaining(key -> {
                if (properties.path(key).isEmpty()) {
                    properties.putObject(key).put("$ref", EXPRESSION + "/properties/" + key);
                }
            });
        }
    }
}
