package dev.drover.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.route.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;

/** Checks options by Camel's catalog of the components on the class path. */
final class ComponentOptions {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LISTS = "META-INF/services/org/apache/camel/component.properties";

    private final RuntimeCamelCatalog catalog;

    /** Uses only the class path of the context, which need not be started. */
    ComponentOptions(CamelContext context) {
        catalog = context.getCamelContextExtension().getContextPlugin(RuntimeCamelCatalog.class);
    }

    /** The message about a missing component; empty if the component exists. */
    Optional<String> missing(String scheme) {
        return catalog.componentJSonSchema(scheme) != null
                ? Optional.empty()
                : Optional.of(
                        "there is no component '" + scheme + "' in this program" + Nearest.hint(scheme, schemes()));
    }

    /**
     * Checks the options of a step.
     *
     * @param scheme an existing component
     * @param options the options, except those in the path of the URI
     * @param complete whether the path has no options, so that a required option must be among these
     * @param finding receives the option and the message
     */
    void check(String scheme, Map<String, String> options, boolean complete, BiConsumer<String, String> finding) {
        EndpointValidationResult result = catalog.validateProperties(scheme, options);
        Set<String> known = known(scheme);
        boolean sendsOthers = sendsOthers(scheme);
        orEmpty(result.getUnknown()).stream()
                .filter(option ->
                        !sendsOthers || Nearest.to(option, known.stream()).isPresent())
                .forEach(option ->
                        finding.accept(option, "is not an option of " + scheme + Nearest.hint(option, known)));
        if (complete) {
            orEmpty(result.getRequired())
                    .forEach(option -> finding.accept(option, "is missing, " + scheme + " needs it"));
        }
        values(result).forEach((option, allowed) -> {
            String value = options.getOrDefault(option, "");
            if (!value.contains("{{") && !value.startsWith("#")) {
                finding.accept(option, "'" + value + "' is not allowed, it must be " + allowed);
            }
        });
    }

    private static Map<String, String> values(EndpointValidationResult result) {
        Map<String, String> allowed = new LinkedHashMap<>();
        orEmpty(result.getInvalidEnum())
                .forEach((option, value) -> allowed.put(
                        option,
                        "one of " + String.join(", ", result.getEnumChoices(option))
                                + Nearest.hint(value, result.getEnumChoices(option))));
        orEmpty(result.getInvalidBoolean()).forEach((option, value) -> allowed.put(option, "true or false"));
        orEmpty(result.getInvalidInteger()).forEach((option, value) -> allowed.put(option, "a whole number"));
        orEmpty(result.getInvalidNumber()).forEach((option, value) -> allowed.put(option, "a number"));
        orEmpty(result.getInvalidDuration())
                .forEach((option, value) -> allowed.put(option, "a duration such as 5s, or milliseconds"));
        return allowed;
    }

    private Set<String> known(String scheme) {
        Set<String> known = new TreeSet<>();
        schema(scheme).path("properties").fieldNames().forEachRemaining(known::add);
        return known;
    }

    /** Whether the component sends unknown options to the service, as query parameters. */
    boolean sendsOthers(String scheme) {
        return schema(scheme).path("component").path("lenientProperties").asBoolean();
    }

    private JsonNode schema(String scheme) {
        try {
            return JSON.readTree(catalog.componentJSonSchema(scheme));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the catalog's entry of " + scheme + " cannot be read", e);
        }
    }

    private static Set<String> schemes() {
        Set<String> schemes = new TreeSet<>();
        try {
            for (URL list :
                    Collections.list(ComponentOptions.class.getClassLoader().getResources(LISTS))) {
                Properties properties = new Properties();
                try (InputStream in = list.openStream()) {
                    properties.load(in);
                }
                schemes.addAll(List.of(properties.getProperty("components", "").split(" ")));
            }
            return schemes;
        } catch (IOException e) {
            throw new IllegalStateException("the lists of components cannot be read", e);
        }
    }

    private static <T> Set<T> orEmpty(Set<T> set) {
        return set == null ? Set.of() : set;
    }

    private static Map<String, String> orEmpty(Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
