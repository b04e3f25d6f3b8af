package dev.drover.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Completes the user's folder with the files of {@code routes/}, except every bean, route and route configuration that
 * the user's files define under the same name.
 */
public final class BuiltIn {

    /** The folder of the files of {@code routes/} in the jar. */
    public static final String FOLDER = "dev/drover/routes/";

    /** What the names of the built-in files begin with, where they complete a folder. */
    static final String PREFIX = "built-in-";

    /** The Kamelets of {@code routes/kamelets}. */
    static final List<String> KAMELETS = List.of(
            "drover-claim-source",
            "drover-delivery-sink",
            "drover-follow-source",
            "drover-changes-source",
            "drover-http-sink",
            "drover-lag-source",
            "drover-static-source");

    private static final List<String> FILES = List.of("beans.camel.yaml", "route-configuration.camel.yaml");

    private BuiltIn() {}

    /** Read once: each setting that has no value elsewhere is looked up there. */
    private static final class Texts {
        private static final Properties PROPERTIES = new Properties();

        static {
            try {
                PROPERTIES.load(new StringReader(text("application.properties")));
            } catch (IOException e) {
                throw new IllegalStateException("the built-in application.properties cannot be read", e);
            }
        }
    }

    /** Made at its first use: a command that needs only the settings, as the health check, does not wait for it. */
    private static final class Yaml {
        private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());
    }

    /** The settings of {@code application.properties}; a user's own value wins over each of them. Not to be changed. */
    public static Properties properties() {
        return Texts.PROPERTIES;
    }

    /** Loads what the user does not define himself, before his own routes are loaded. */
    public static void addMissing(CamelContext context, RoutesFolder folder) {
        try {
            for (Map.Entry<String, String> file : missing(folder).entrySet()) {
                PluginHelper.getRoutesLoader(context)
                        .loadRoutes(ResourceHelper.fromString(file.getKey(), file.getValue()));
            }
        } catch (Exception e) {
            throw StartFailure.explain(folder, e);
        }
    }

    /** Those built-in definitions as text, by the name of the file. */
    static Map<String, String> missing(RoutesFolder folder) {
        Set<String> defined = definedBy(folder);
        Map<String, String> missing = new LinkedHashMap<>();
        for (String file : FILES) {
            try {
                missing.put(PREFIX + file, Yaml.MAPPER.writeValueAsString(less(read(file), defined)));
            } catch (IOException e) {
                throw new IllegalStateException("the built-in " + file + " cannot be read", e);
            }
        }
        return missing;
    }

    private static ArrayNode less(ArrayNode definitions, Set<String> defined) {
        ArrayNode missing = Yaml.MAPPER.createArrayNode();
        for (JsonNode definition : definitions) {
            if (definition.has("beans")) {
                ArrayNode beans = Yaml.MAPPER.createArrayNode();
                definition.get("beans").forEach(bean -> {
                    if (!defined.contains("bean " + bean.path("name").asText())) {
                        beans.add(bean);
                    }
                });
                missing.add(Yaml.MAPPER.createObjectNode().set("beans", beans));
            } else if (namesOf(definition).stream().noneMatch(defined::contains)) {
                missing.add(definition);
            }
        }
        return missing;
    }

    private static Set<String> definedBy(RoutesFolder folder) {
        Set<String> defined = new HashSet<>();
        folder.files().forEach(file -> YamlFile.of(file).content().forEach(part -> defined.addAll(namesOf(part))));
        return defined;
    }

    private static List<String> namesOf(JsonNode definition) {
        List<String> names = new ArrayList<>();
        definition
                .path("beans")
                .forEach(bean -> names.add("bean " + bean.path("name").asText()));
        for (String kind : List.of("route", "routeConfiguration")) {
            if (definition.has(kind)) {
                names.add(kind + " " + definition.get(kind).path("id").asText());
            }
        }
        return names;
    }

    /** The text of a file of {@code routes/}. */
    public static String text(String file) {
        try (InputStream in = open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the built-in " + file + " cannot be read", e);
        }
    }

    private static ArrayNode read(String file) throws IOException {
        return (ArrayNode) Yaml.MAPPER.readTree(text(file));
    }

    private static InputStream open(String file) {
        InputStream in = BuiltIn.class.getClassLoader().getResourceAsStream(FOLDER + file);
        if (in == null) {
            throw new IllegalStateException("the jar lacks its built-in " + file);
        }
        return in;
    }
}
