package dev.drover.folder;

import dev.drover.route.Finding;
import dev.drover.route.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings and variables that the routes use: {@code {{drover.orders.url}}}, {@code {{env:ORDERS_URL}}}. */
public final class Placeholders {

    /** Replaces a setting without a value while the routes are checked. Findings that contain it are dropped. */
    public static final String UNSET = "http://drover-setting-without-value";

    private static final Pattern ASKED = Pattern.compile("\\{\\{((?:env:)?[A-Za-z][A-Za-z0-9._-]*)}}");

    private final RoutesFolder folder;
    private final Settings settings;

    public Placeholders(RoutesFolder folder, Settings settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /** The settings and variables that the routes use. */
    public Set<String> keys() {
        return asked().stream().map(Finding::key).collect(Collectors.toSet());
    }

    /** One finding for each setting without a value, with the first line that uses it and the variable to set. */
    public List<Finding> missing() {
        Set<String> known = new HashSet<>();
        return asked().stream()
                .filter(finding -> settings.value(finding.key()).isEmpty() && known.add(finding.key()))
                .toList();
    }

    /** The settings in the folder that nothing uses, and whose name is almost that of one that exists. */
    public List<Finding> misspelt() {
        Set<String> known = new TreeSet<>(BuiltIn.properties().stringPropertyNames());
        known.addAll(keys());
        known.removeIf(key -> !key.startsWith("drover."));
        return folder.properties().stringPropertyNames().stream()
                .filter(key -> key.startsWith("drover.") && !known.contains(key))
                .flatMap(key -> Nearest.to(key, known.stream())
                        .map(near -> folder.finding(key, "is not a setting; did you mean " + near))
                        .stream())
                .toList();
    }

    private List<Finding> asked() {
        List<Finding> asked = new ArrayList<>();
        folder.files().forEach(file -> asked.addAll(askedBy(file)));
        BuiltIn.missing(folder).values().stream()
                .flatMap(String::lines)
                .flatMap(Placeholders::keys)
                .forEach(key -> asked.add(finding(folder.path(), 0, key)));
        return asked;
    }

    /** Replaces each setting in the text that has a value. */
    public String resolved(String text) {
        return ASKED.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(settings.value(found.group(1)).orElse(found.group())));
    }

    /** Whether the text uses a setting without a value or with the value {@link #UNSET}. */
    public boolean isUnset(String text) {
        return keys(text).anyMatch(key -> settings.value(key).orElse(UNSET).equals(UNSET));
    }

    private List<Finding> askedBy(Path file) {
        List<Finding> asked = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            Set<String> ofTemplates = ofTemplates(file);
            for (int i = 0; i < lines.size(); i++) {
                int line = i + 1;
                keys(lines.get(i))
                        .filter(key -> !ofTemplates.contains(key))
                        .forEach(key -> asked.add(finding(file, line, key)));
            }
            return asked;
        } catch (IOException e) {
            return List.of(); // YamlFile reports that the file cannot be read
        }
    }

    /** The parameters of the route templates in a file. They get their values where a template is used. */
    private static Set<String> ofTemplates(Path file) {
        return YamlFile.of(file).content().findValues("routeTemplate").stream()
                .flatMap(template -> template.path("parameters").valueStream())
                .map(parameter -> parameter.path("name").asText())
                .collect(Collectors.toSet());
    }

    private Finding finding(Path where, int line, String key) {
        String variable = key.startsWith("env:") ? key.substring("env:".length()) : "";
        return new Finding(
                where.toString(),
                line,
                key,
                !variable.isEmpty()
                        ? "has no value; set " + variable + " in the environment"
                        : "has no value; set " + RoutesFolder.environmentName(key) + " in the environment or " + key
                                + " in " + folder.path().resolve("application.properties"));
    }

    private static Stream<String> keys(String line) {
        return line.stripLeading().startsWith("#")
                ? Stream.empty()
                : ASKED.matcher(line).results().map((MatchResult found) -> found.group(1));
    }

    /** Whether the finding is about {@link #UNSET}, and so does not apply to the real value. */
    public static boolean isOfUnset(Finding finding) {
        return finding.message().contains(UNSET);
    }
}
