package dev.drover.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.folder.KameletProperties;
import dev.drover.folder.YamlFile;
import dev.drover.route.Finding;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.URISupport;

/** Checks the {@code uri} and the {@code parameters} of each step against the options of its component. */
final class OptionsCheck {

    private static final Set<String> SHORT_FORMS = Set.of("to", "toD", "wireTap", "poll");
    private static final Set<String> NO_STEPS = Set.of("parameters", "properties");

    private static final Pattern PROXY = Pattern.compile("proxy[A-Z].*|nonProxyHosts|useSystemProperties");

    private static final String STATUSES = "okStatusCodeRange";

    private final ComponentOptions components;
    private final KameletProperties kamelets;
    private final UnaryOperator<String> settings;
    private final Set<String> beans = new TreeSet<>();

    /**
     * Prepares the check.
     *
     * @param settings replaces the placeholders that have a value
     * @param files all files, because a bean may be a component
     */
    OptionsCheck(
            ComponentOptions components,
            KameletProperties kamelets,
            UnaryOperator<String> settings,
            List<YamlFile> files) {
        this.components = components;
        this.kamelets = kamelets;
        this.settings = settings;
        files.forEach(file -> file.content()
                .findValues("beans")
                .forEach(
                        list -> list.forEach(bean -> beans.add(bean.path("name").asText()))));
    }

    /** Checks the options in a file. */
    List<Finding> check(YamlFile file) {
        List<Finding> findings = new ArrayList<>();
        walk(file, file.content(), "", findings);
        return findings;
    }

    private void walk(YamlFile file, JsonNode node, String place, List<Finding> findings) {
        if (node.path("uri").isTextual()) {
            step(file, place + "/uri", node.path("uri").asText(), node.path("parameters"), findings);
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(file, node.get(i), place + "/" + i, findings);
            }
        }
        node.properties().forEach(child -> {
            String below = place + "/" + child.getKey();
            if (SHORT_FORMS.contains(child.getKey()) && child.getValue().isTextual()) {
                step(file, below, child.getValue().asText(), child.getValue().path("parameters"), findings);
            } else if (!NO_STEPS.contains(child.getKey())) {
                walk(file, child.getValue(), below, findings);
            }
        });
    }

    private void step(YamlFile file, String place, String uri, JsonNode parameters, List<Finding> findings) {
        String resolved = settings.apply(uri);
        String scheme = resolved.replaceFirst("[:?].*", "");
        if (resolved.startsWith("{{") || resolved.startsWith("$") || beans.contains(scheme)) {
            return;
        }
        String missing = components.missing(scheme).orElse(null);
        if (missing != null) {
            findings.add(file.finding(place, "uri", missing));
            return;
        }
        if (place.contains("/routeTemplate/") && (scheme.equals("pages") || resolved.startsWith("kamelet:drover-"))) {
            findings.add(
                    file.finding(place, "uri", "is not allowed in a routeTemplate; write the pipeline out as a route"));
            return;
        }
        String own = uri.replaceAll("\\{\\{.*?}}", ""); // Camel joins the query in a setting with the parameters
        if (own.contains("?") && !parameters.isEmpty()) {
            findings.add(file.finding(
                    place,
                    "uri",
                    "has options behind its question mark, and the step has parameters too, which Camel does not join;"
                            + " write all of them as parameters: "
                            + names(own.substring(own.indexOf('?') + 1))));
            return;
        }
        if (scheme.startsWith("http")) {
            statuses(file, place, given(parameters), findings);
            given(parameters).keySet().stream()
                    .filter(PROXY.asMatchPredicate())
                    .forEach(option -> findings.add(file.finding(
                            parametersOf(place) + option,
                            option,
                            "is not allowed: the environment names the proxy of all requests, by HTTPS_PROXY, HTTP_PROXY"
                                    + " and NO_PROXY")));
        }
        if (scheme.equals("pages") && !place.endsWith("/from/uri") && !place.endsWith("/from")) {
            findings.add(file.finding(place, "uri", "pages only reads: use it in from, not in a step"));
            return;
        }
        AddressCheck.problem(resolved).ifPresent(wrong -> findings.add(file.finding(place, "uri", wrong)));
        if (scheme.equals("kamelet")) {
            kamelet(file, place, resolved, parameters, findings);
            return;
        }
        Map<String, String> options = inQuery(scheme, resolved);
        components.check(scheme, options, false, (option, wrong) -> findings.add(file.finding(place, option, wrong)));
        String prefix = parametersOf(place);
        components.check(
                scheme,
                given(parameters),
                resolved.equals(scheme),
                (option, wrong) -> findings.add(file.finding(prefix + option, option, wrong)));
    }

    private void kamelet(YamlFile file, String place, String uri, JsonNode parameters, List<Finding> findings) {
        String name = uri.replaceFirst("^kamelet:/*", "").replaceFirst("[/?].*", "");
        String missing = kamelets.missing(name).orElse(null);
        if (missing != null) {
            findings.add(file.finding(place, "uri", missing));
            return;
        }
        Map<String, String> given = inQuery("kamelet", uri);
        given.putAll(given(parameters));
        given.forEach((property, value) -> AddressCheck.problem(value)
                .ifPresent(wrong -> findings.add(file.finding(parametersOf(place) + property, property, wrong))));
        statuses(file, place, given, findings);
        kamelets.check(
                name,
                given,
                (property, wrong) -> findings.add(file.finding(parametersOf(place) + property, property, wrong)));
    }

    private static void statuses(YamlFile file, String place, Map<String, String> given, List<Finding> findings) {
        AddressCheck.statuses(given.getOrDefault(STATUSES, "200"))
                .ifPresent(wrong -> findings.add(file.finding(parametersOf(place) + STATUSES, STATUSES, wrong)));
    }

    /** The names of the options of a query. A value may be a secret. */
    private static String names(String query) {
        return Arrays.stream(query.split("&"))
                .map(option -> option.split("=", 2)[0])
                .collect(Collectors.joining(", "));
    }

    private static String parametersOf(String place) {
        return place.substring(0, place.lastIndexOf('/')) + "/parameters/";
    }

    private Map<String, String> given(JsonNode parameters) {
        Map<String, String> given = new LinkedHashMap<>();
        parameters
                .properties()
                .forEach(option -> given.put(
                        option.getKey(), settings.apply(option.getValue().asText())));
        return given;
    }

    /**
     * The options after the question mark. A lenient component sends them to the service, so they are not checked; a
     * Kamelet has all of them.
     */
    private Map<String, String> inQuery(String scheme, String uri) {
        Map<String, String> options = new LinkedHashMap<>();
        int query = uri.indexOf('?');
        if (query > 0 && (scheme.equals("kamelet") || !components.sendsOthers(scheme))) {
            try {
                URISupport.parseQuery(uri.substring(query + 1))
                        .forEach((option, value) -> options.put(option, String.valueOf(value)));
            } catch (URISyntaxException e) {
                return new LinkedHashMap<>();
            }
        }
        return options;
    }
}
