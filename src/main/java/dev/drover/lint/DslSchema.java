package dev.drover.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.drover.folder.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The schema of Camel's YAML DSL, fitted to {@link YamlFile}: there every scalar is text. */
final class DslSchema {

    private static final String FILE = "schema/camelYamlDsl.json";

    private static final String EXPRESSION = "#/items/definitions/org.apache.camel.model.language.ExpressionDefinition";

    /** Camel takes {@code "1000"} for a number, and a placeholder or a reference for anything. */
    private static final String PLACEHOLDER = "\\{\\{|^[#$]";

    private static final Map<String, String> SCALARS = Map.of(
            "boolean", "^(true|false)$|" + PLACEHOLDER,
            "number", "^-?[0-9]+([.][0-9]+)?$|" + PLACEHOLDER,
            "integer", "^-?[0-9]+$|" + PLACEHOLDER);

    private final JsonNode dsl;
    private final JsonSchema schema;

    DslSchema() {
        try (InputStream in = DslSchema.class.getClassLoader().getResourceAsStream(FILE)) {
            dsl = fitted(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new IllegalStateException("the schema of Camel's YAML DSL cannot be read", e);
        }
        // the schema is large: only what the files use is built, so that a small heap will do
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .preloadJsonSchema(false)
                .build();
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(dsl, config);
    }

    Set<ValidationMessage> validate(JsonNode content) {
        return schema.validate(content);
    }

    /** The keys that are allowed where a message of the keyword {@code additionalProperties} says that one is not. */
    List<String> allowedKeys(ValidationMessage message) {
        String place = message.getSchemaLocation().getFragment().toString();
        List<String> keys = new ArrayList<>();
        dsl.at(place.substring(0, place.lastIndexOf('/')))
                .path("properties")
                .fieldNames()
                .forEachRemaining(keys::add);
        return keys;
    }

    /** What a scalar may be, by the pattern that it does not match. */
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
     * The schema says which keys may hold an expression by 25 alternatives, which would give 25 messages for each error:
     * what is said there of a key is said at the key.
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
