package dev.drover.routetest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.drover.folder.BadInputException;
import dev.drover.route.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The file of one test.
 *
 * @param path its file
 * @param content a mapping with the keys of {@link #KEYS}
 */
record TestFile(Path path, JsonNode content) {

    /** Reads and writes numbers exactly. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectMapper YAML = JsonMapper.builder(new YAMLFactory())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final List<String> REQUEST = List.of("method", "path", "headers", "body");
    private static final List<String> DEAD_LETTER = List.of("pipeline", "key", "status", "reason", "payload");

    /** The keys of each mapping, by its place. */
    private static final Map<String, List<String>> KEYS = Map.of(
            "", List.of("routes", "settings", "secrets", "schema", "rows", "service", "expect"),
            "service", List.of("status", "headers", "body", "fault"),
            "expect", List.of("requests", "deadLetters", "checkpoint", "halted"),
            "requests", REQUEST,
            "deadLetters", DEAD_LETTER);

    private static final List<String> MAPPINGS =
            List.of("/settings", "/secrets", "/rows", "/expect", "/expect/checkpoint", "/expect/halted");

    private static final List<String> LISTS = List.of("/routes", "/service", "/expect/requests", "/expect/deadLetters");

    /**
     * Reads a file.
     *
     * @throws BadInputException if it is not YAML or has an unknown key
     */
    static TestFile read(Path path) {
        try {
            TestFile file = new TestFile(path, YAML.readTree(Files.readString(path)));
            file.require(file.content, "the file", "a mapping", JsonNode::isObject);
            MAPPINGS.forEach(place -> file.require(place, "a mapping", JsonNode::isObject));
            LISTS.forEach(place -> file.require(place, "a list", JsonNode::isArray));
            file.require("/schema", "a text", JsonNode::isTextual);
            file.content.path("rows").properties().forEach(table -> {
                file.require(table.getValue(), "rows." + table.getKey(), "a list", JsonNode::isArray);
                table.getValue()
                        .forEach(row ->
                                file.require(row, "rows." + table.getKey(), "a list of rows", JsonNode::isObject));
            });
            file.check("", file.content);
            file.check("expect", file.content.path("expect"));
            file.checkEach("service", file.content.path("service"));
            file.checkEach("requests", file.content.at("/expect/requests"));
            file.checkEach("deadLetters", file.content.at("/expect/deadLetters"));
            file.content.path("service").forEach(file::checkAnswer);
            return file;
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new BadInputException(path + ":" + e.getLocation().getLineNr() + ": is not valid YAML: " + reason, e);
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void require(String place, String kind, Predicate<JsonNode> isKind) {
        JsonNode found = content.at(place);
        if (!found.isMissingNode()) {
            require(found, place.substring(1).replace('/', '.'), kind, isKind);
        }
    }

    private void require(JsonNode found, String place, String kind, Predicate<JsonNode> isKind) {
        if (!isKind.test(found)) {
            throw new BadInputException(path + ": " + place + ": must be " + kind);
        }
    }

    private void checkEach(String place, JsonNode list) {
        list.forEach(entry -> {
            require(entry, place, "a list of mappings", JsonNode::isObject);
            check(place, entry);
        });
    }

    private void checkAnswer(JsonNode answer) {
        if (answer.has("status")) {
            require(
                    answer.get("status"),
                    "status",
                    "a number from 200 to 599",
                    status -> status.isInt() && status.intValue() >= 200 && status.intValue() <= 599);
        }
        if (answer.has("fault")) {
            require(answer.get("fault"), "fault", "close", fault -> fault.asText()
                    .equals("close"));
        }
    }

    private void check(String place, JsonNode written) {
        List<String> known = KEYS.getOrDefault(place, List.of());
        for (Iterator<String> keys = written.fieldNames(); keys.hasNext(); ) {
            String key = keys.next();
            if (!known.contains(key)) {
                throw new BadInputException(path + ": " + key + ": is not known in "
                        + (place.isEmpty() ? "a test" : place) + ", allowed are " + String.join(", ", known)
                        + Nearest.hint(key, known));
            }
        }
    }

    /** The name of the file without its ending. */
    String name() {
        return String.valueOf(path.getFileName()).replaceFirst("\\.test\\.yaml$", "");
    }
}
