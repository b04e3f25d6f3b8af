package dev.drover.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The options of {@code pages}, from the metadata that the build makes of its code. */
final class ComponentText {

    private static final String METADATA = "/META-INF/dev/drover/pages/pages.json";

    private ComponentText() {}

    static String endpoint() throws IOException {
        return table(metadata().get("properties"));
    }

    static String component() throws IOException {
        return table(metadata().get("componentProperties"));
    }

    private static JsonNode metadata() throws IOException {
        try (InputStream in = Objects.requireNonNull(ComponentText.class.getResourceAsStream(METADATA))) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static String table(JsonNode options) {
        StringBuilder table = new StringBuilder("| option | type | default | meaning |\n|---|---|---|---|\n");
        options.properties().forEach(option -> {
            if (!option.getValue().get("label").asText().contains("advanced")
                    && !option.getKey().equals("bridgeErrorHandler")) {
                table.append(row(option.getKey(), option.getValue()));
            }
        });
        return table.toString();
    }

    private static String row(String name, JsonNode option) {
        String standard = option.has("defaultValue")
                ? "`" + option.get("defaultValue").asText() + "`"
                : option.get("required").asBoolean() ? "required" : "none";
        return "| `" + name + "` | " + type(option) + " | " + standard + " | "
                + option.get("description").asText() + " |\n";
    }

    private static String type(JsonNode option) {
        if (!option.has("enum")) {
            return option.get("type").asText();
        }
        List<String> values = new ArrayList<>();
        option.get("enum").forEach(value -> values.add("`" + value.asText() + "`"));
        return String.join(", ", values);
    }
}
