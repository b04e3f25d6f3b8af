package dev.drover.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.SpecVersionDetector;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import com.networknt.schema.oas.OpenApi31;
import dev.drover.ledger.Cause;
import dev.drover.route.Nearest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The file of a contract. Only this file is read: a reference to another file or to the network is refused. Not
 * thread-safe.
 */
final class ContractFile {

    private static final SchemaValidatorsConfig OPTIONS = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .preloadJsonSchema(false)
            .build();

    private static final Set<String> METHODS = Set.of("post", "put", "patch", "delete", "get");

    /** Below these keys of a schema are schemas by their names, and below those is no schema. */
    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "definitions", "$defs", "dependentSchemas");

    private static final Set<String> DATA = Set.of("enum", "const", "default", "example", "examples");

    private final String place;
    private final JsonNode document;
    private final Set<String> checked = new HashSet<>();

    private ContractFile(String place, JsonNode document) {
        this.place = place;
        this.document = document;
    }

    /**
     * Reads and compiles the schema of a record.
     *
     * @param folder the folder of the file
     * @param place the file in the folder, and behind {@code #} the operation of an OpenAPI file
     * @throws IllegalArgumentException if it cannot be read or is wrong
     */
    static JsonSchema read(Path folder, String place) {
        String[] parts = place.split("#", 2);
        ContractFile file = new ContractFile(place, document(folder.resolve(parts[0]), place));
        boolean api = file.document.has("openapi") || file.document.has("swagger");
        if (!api && parts.length == 2) {
            throw file.wrong("", "the file is not of OpenAPI, so it has no operation " + parts[1]);
        }
        if (api && parts.length == 1) {
            throw file.wrong("", "the file is of OpenAPI; name an operation, as in " + place + "#createOrder");
        }
        return api ? file.operation(parts[1]) : file.schema();
    }

    /** Reads numbers exactly. */
    static ObjectMapper exact(JsonFactory format) {
        return JsonMapper.builder(format)
                .enable(
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * The place in a document and the rule of the schema that it breaks. Without a value of the document, and without the
     * message of the library, which may have one.
     */
    static String brokenRule(ValidationMessage found) {
        String missing = found.getProperty() == null ? "" : below("", found.getProperty());
        String pointer = found.getInstanceLocation() + missing;
        JsonNode wanted = found.getSchemaNode();
        boolean brief = wanted != null && wanted.isValueNode() && !wanted.isBoolean() && missing.isEmpty();
        return (pointer.isEmpty() ? "/" : pointer) + ": " + found.getType() + (brief ? " " + wanted.asText() : "");
    }

    /** Refuses without a cause, whose message would replace this one. */
    private static JsonNode document(Path file, String place) {
        try {
            String text = Files.readString(file);
            if (file.toString().endsWith(".json")) {
                return exact(new JsonFactory()).readTree(text);
            }
            YAMLFactory yaml = new YAMLFactory();
            refuseAliases(yaml.createParser(text), place);
            return exact(yaml).readTree(text);
        } catch (JsonProcessingException e) {
            String reason =
                    e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" \\(start marker.*", "");
            throw new IllegalArgumentException(
                    place + ": line " + e.getLocation().getLineNr() + " cannot be parsed: " + reason);
        } catch (IOException e) {
            throw new IllegalArgumentException(place + ": there is no such file beside the routes that can be read");
        }
    }

    /** The mapper takes the name of an alias for its value, so {@code <<: *base} would lose rules. */
    private static void refuseAliases(YAMLParser yaml, String place) throws IOException {
        while (yaml.nextToken() != null) {
            if (yaml.isCurrentAlias()) {
                throw new IllegalArgumentException(
                        place + ": line " + yaml.currentTokenLocation().getLineNr()
                                + " has a YAML alias; use $ref, or write out what it stands for");
            }
        }
    }

    private JsonSchema schema() {
        JsonNode dialect = document.path("$schema");
        VersionFlag version = dialect.isMissingNode()
                ? VersionFlag.V202012
                : SpecVersionDetector.detectOptionalVersion(document, false)
                        .orElseThrow(() -> wrong(
                                "/$schema",
                                "is not a version that is known; allowed are draft-04, draft-06, draft-07, 2019-09 and"
                                        + " 2020-12"));
        return compiled("", JsonSchemaFactory.getInstance(version, ContractFile::offline), version);
    }

    private JsonSchema operation(String id) {
        String version = document.path("openapi").asText();
        if (!version.startsWith("3.")) {
            throw wrong("/openapi", "must be 3.0 or newer; convert the file");
        }
        Map<String, String> bodies = new TreeMap<>();
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> bodies.put(
                        method.getValue().path("operationId").asText(),
                        below("/paths", path.getKey()) + "/" + method.getKey() + "/requestBody")));
        if (!bodies.containsKey(id)) {
            throw wrong("/paths", "there is no operation " + id + Nearest.hint(id, bodies.keySet()));
        }
        String content = target(bodies.get(id)) + "/content";
        String type = document.at(content).properties().stream()
                .map(Map.Entry::getKey)
                .filter(each -> each.matches("application/(.*[+-])?json.*"))
                .findFirst()
                .orElseThrow(() -> wrong(content, "has no schema of JSON for the operation " + id));
        boolean old = version.startsWith("3.0");
        JsonMetaSchema dialect = old ? OpenApi30.getInstance() : OpenApi31.getInstance();
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
                old ? VersionFlag.V7 : VersionFlag.V202012,
                builder -> offline(builder.metaSchema(dialect).defaultMetaSchemaIri(dialect.getIri())));
        String schema = below(content, type) + "/schema";
        return compiled(schema, factory, old ? VersionFlag.V4 : VersionFlag.V202012);
    }

    /** The library asks only for the schemas of its own versions, which are in its jar. */
    private static void offline(JsonSchemaFactory.Builder factory) {
        factory.schemaLoaders(loaders -> loaders.add(asked -> asked.toString().startsWith("classpath:")
                ? null
                : () -> {
                    throw new IOException(asked + " is not in the file");
                }));
    }

    /** @param version of the rules for the schema itself */
    private JsonSchema compiled(String pointer, JsonSchemaFactory factory, VersionFlag version) {
        String record = target(pointer);
        if (document.at(record).path("type").asText().equals("array")
                && document.at(record).has("items")) {
            record = target(record + "/items");
        }
        JsonSchema meta = JsonSchemaFactory.getInstance(version, ContractFile::offline)
                .getSchema(SchemaLocation.of(version.getId()), OPTIONS);
        check(record, meta);
        try {
            JsonSchema whole = factory.getSchema(
                    SchemaLocation.of("contract:" + place.replaceFirst("#.*", "")), document, OPTIONS);
            JsonSchema compiled = record.isEmpty() ? whole : whole.getSubSchema(SchemaLocation.Fragment.of(record));
            compiled.initializeValidators();
            return compiled;
        } catch (JsonSchemaException e) {
            throw wrong(record, "cannot be compiled" + Cause.line(e).replaceFirst("^[: ]*", ": "));
        }
    }

    /** Checks a schema, and each schema that it refers to. */
    private void check(String pointer, JsonSchema meta) {
        if (checked.add(pointer)) {
            meta.validate(document.at(pointer)).stream()
                    .map(ContractFile::brokenRule)
                    .sorted()
                    .findFirst()
                    .ifPresent(rule -> {
                        throw wrong("", "breaks a rule of JSON Schema at " + pointer + rule);
                    });
            inside(pointer, meta);
        }
    }

    private void inside(String pointer, JsonSchema meta) {
        JsonNode schema = document.at(pointer);
        if (schema.path("$ref").isTextual() && !schema.get("$ref").asText().matches("#[^/].*")) {
            check(target(pointer), meta);
        }
        checkPattern(schema.path("pattern").asText(), pointer + "/pattern");
        schema.path("patternProperties")
                .fieldNames()
                .forEachRemaining(each -> checkPattern(each, below(pointer + "/patternProperties", each)));
        if (document.has("openapi") && schema.path("required") instanceof ArrayNode required) {
            withoutReadOnly(pointer, required);
        }
        schema.properties().stream()
                .filter(each -> !DATA.contains(each.getKey()))
                .forEach(each -> {
                    String at = below(pointer, each.getKey());
                    if (NAMED.contains(each.getKey())) {
                        each.getValue().properties().forEach(named -> inside(below(at, named.getKey()), meta));
                    } else {
                        inside(at, meta);
                    }
                });
        for (int i = 0; i < schema.size() && schema.isArray(); i++) {
            inside(pointer + "/" + i, meta);
        }
    }

    private void checkPattern(String pattern, String pointer) {
        try {
            Pattern unused = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw wrong(pointer, e.getDescription());
        }
    }

    /** OpenAPI requires a property that can only be read of an answer, and not of a request. */
    private void withoutReadOnly(String schema, ArrayNode required) {
        for (int i = required.size() - 1; i >= 0; i--) {
            String property = below(schema + "/properties", required.get(i).asText());
            if (document.at(target(property)).path("readOnly").asBoolean()) {
                required.remove(i);
            }
        }
    }

    /** Follows the references from this place to their end. */
    private String target(String pointer) {
        String at = pointer;
        for (int steps = 0; document.at(at).path("$ref").isTextual(); steps++) {
            String reference = document.at(at).get("$ref").asText();
            if (!reference.startsWith("#")) {
                throw wrong(at + "/$ref", "leads out of the file; copy what it refers to into this file");
            }
            String next = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            if (steps > 100 || !next.matches("(/.*)?") || document.at(next).isMissingNode()) {
                throw wrong(at + "/$ref", "leads to nothing: " + reference);
            }
            at = next;
        }
        return at;
    }

    private static String below(String pointer, String key) {
        return pointer + JsonPointer.empty().appendProperty(key);
    }

    private IllegalArgumentException wrong(String pointer, String message) {
        return new IllegalArgumentException(place + ": " + (pointer.isEmpty() ? "" : pointer + ": ") + message);
    }
}
