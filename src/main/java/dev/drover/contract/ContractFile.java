package dev.drover.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
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

    private final String name;
    private final JsonNode document;
    private final Set<String> checked = new HashSet<>();

    private ContractFile(String name, JsonNode document) {
        this.name = name;
        this.document = document;
    }

    /**
     * Reads and compiles the schema of a record.
     *
     * @param place the file in the folder, and behind {@code #} the operation of an OpenAPI file
     * @throws IllegalArgumentException if it cannot be read or is wrong
     */
    static JsonSchema read(Path folder, String place) {
        String[] parts = place.split("#", 2);
        ContractFile file = new ContractFile(parts[0], document(folder.resolve(parts[0]), parts[0]));
        boolean api = file.document.has("openapi") || file.document.has("swagger");
        if (!api && parts.length == 2) {
            throw file.wrong("", "is not an OpenAPI file, so it has no operation " + parts[1]);
        }
        if (api && parts.length == 1) {
            throw file.wrong("", "is an OpenAPI file; name an operation, as in " + parts[0] + "#createOrder");
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
    static String rule(ValidationMessage found) {
        String property = found.getProperty() == null
                ? ""
                : "/" + found.getProperty().replace("~", "~0").replace("/", "~1");
        String pointer = found.getInstanceLocation() + property;
        JsonNode wanted = found.getSchemaNode();
        boolean brief = wanted != null && wanted.isValueNode() && property.isEmpty();
        return (pointer.isEmpty() ? "/" : pointer) + ": " + found.getType() + (brief ? " " + wanted.asText() : "");
    }

    private static JsonNode document(Path file, String name) {
        try {
            String text = Files.readString(file);
            JsonNode read = (name.endsWith(".json") ? exact(new JsonFactory()) : exact(new YAMLFactory())).readTree(text);
            if (read.isObject()) {
                return read;
            }
            throw new IllegalArgumentException(file + ": is not a JSON Schema or an OpenAPI file");
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new IllegalArgumentException(
                    file + ":" + e.getLocation().getLineNr() + ": cannot be parsed: " + reason, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("there is no file " + file + " that can be read", e);
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
                        "/paths/" + escaped(path.getKey()) + "/" + method.getKey() + "/requestBody")));
        if (!bodies.containsKey(id)) {
            throw wrong("/paths", "have no operation " + id + Nearest.hint(id, bodies.keySet()));
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
        String schema = content + "/" + escaped(type) + "/schema";
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

    private JsonSchema compiled(String pointer, JsonSchemaFactory factory, VersionFlag version) {
        String record = target(pointer);
        if (document.at(record).path("type").asText().equals("array") && document.at(record).has("items")) {
            record = target(record + "/items");
        }
        JsonSchema meta = JsonSchemaFactory.getInstance(version, ContractFile::offline)
                .getSchema(SchemaLocation.of(version.getId()), OPTIONS);
        check(record, meta);
        try {
            JsonSchema whole = factory.getSchema(SchemaLocation.of("contract:" + name), document, OPTIONS);
            JsonSchema compiled = record.isEmpty() ? whole : whole.getSubSchema(SchemaLocation.Fragment.of(record));
            compiled.initializeValidators();
            return compiled;
        } catch (JsonSchemaException e) {
            throw new IllegalArgumentException(name + "#" + record + ": " + Cause.line(e), e);
        }
    }

    /** Checks a schema, and each schema that it refers to. */
    private void check(String pointer, JsonSchema meta) {
        if (checked.add(pointer)) {
            meta.validate(document.at(pointer)).stream().map(ContractFile::rule).sorted().findFirst().ifPresent(rule -> {
                throw new IllegalArgumentException(name + "#" + pointer + rule);
            });
            references(pointer, document.at(pointer), meta);
        }
    }

    private void references(String pointer, JsonNode part, JsonSchema meta) {
        if (part.path("$ref").isTextual() && !part.get("$ref").asText().matches("#[^/].*")) {
            check(target(pointer), meta);
        }
        if (part.isArray()) {
            for (int i = 0; i < part.size(); i++) {
                references(pointer + "/" + i, part.get(i), meta);
            }
        }
        part.properties().forEach(each -> references(pointer + "/" + escaped(each.getKey()), each.getValue(), meta));
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

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private IllegalArgumentException wrong(String pointer, String message) {
        return new IllegalArgumentException(name + (pointer.isEmpty() ? ": " : "#" + pointer + ": ") + message);
    }
}
