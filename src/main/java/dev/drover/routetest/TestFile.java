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
    private static final Map<String, List<String>> KEYS = Map.of(
            "", List.of("routes", "settings", "schema", "rows", "service", "expect"),
            "service", List.of("status", "headers", "body", "fault"),
            "expect", List.of("requests", "deadLetters", "checkpoint", "halted"),
            "requests", REQUEST,
            "deadLetters", DEAD_LETTER);

    /**
     * Reads a file.
     *
     * @throws BadInputException if it is not YAML or has an unknown key
     */
    static TestFile read(Path path) {
        try {
            TestFile file = new TestFile(path, YAML.readTree(Files.readString(path)));
            file.check("", file.content);
            file.content.path("service").forEach(answer -> file.check("service", answer));
            file.check("expect", file.content.path("expect"));
            file.content.at("/expect/requests").forEach(request -> file.check("requests", request));
            file.content.at("/expect/deadLetters").forEach(letter -> file.check("deadLetters", letter));
            return file;
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new BadInputException(path + ":" + e.getLocation().getLineNr() + ": is not valid YAML: " + reason, e);
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be read: " + e.getMessage(), e);
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
