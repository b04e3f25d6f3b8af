package dev.drover.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The documents of a {@code _bulk} request, read as strictly as the services do that have this interface. */
final class BulkBody {

    static final String TYPE = "application/x-ndjson";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Set<String> ACTIONS = Set.of("index", "create", "update");

    private BulkBody() {}

    /** Each document, which must be stored under the id that it has. */
    static List<JsonNode> read(byte[] body) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n").doesNotContain("\r", "\n\n");
        List<String> lines = text.lines().toList();
        assertThat(lines.size() % 2).as("lines").isZero();
        List<JsonNode> documents = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 2) {
            documents.add(document(JSON.readTree(lines.get(i)), JSON.readTree(lines.get(i + 1))));
        }
        return documents;
    }

    private static JsonNode document(JsonNode action, JsonNode source) {
        assertThat(action.isObject()).isTrue();
        assertThat(action.fieldNames()).toIterable().singleElement().satisfies(name -> assertThat(ACTIONS)
                .contains(name));
        JsonNode target = action.elements().next();
        assertThat(target.fieldNames()).toIterable().containsExactly("_id");
        assertThat(target.get("_id").isTextual()).isTrue();
        JsonNode document = action.has("update") ? source.path("doc") : source;
        assertThat(document.isObject()).isTrue();
        assertThat(target.get("_id").asText())
                .isNotEmpty()
                .isEqualTo(document.path("id").asText());
        return document;
    }
}
