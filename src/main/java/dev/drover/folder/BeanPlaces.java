package dev.drover.folder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.route.Finding;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the places of beans in a routes folder and among the built-in beans. */
public final class BeanPlaces {

    /** A text that is one setting and nothing else. */
    static final Pattern SETTING = Pattern.compile("\\{\\{([^{}:]+)}}");

    private final RoutesFolder folder;
    private final List<YamlFile> files;

    public BeanPlaces(RoutesFolder folder) {
        this.folder = folder;
        Stream<YamlFile> builtIn =
                BuiltIn.missing(folder).entrySet().stream().map(file -> YamlFile.of(file.getKey(), file.getValue()));
        this.files = Stream.concat(folder.files().stream().map(YamlFile::of), builtIn)
                .toList();
    }

    /**
     * The place of a bean or of one of its properties.
     *
     * @param line counted from 1; 0 if unknown
     * @param bean the name of the bean
     * @param text the value in the file; empty if there is none
     */
    public record Place(String file, int line, String bean, String text) {}

    /** A finding about a property of a bean. For a built-in bean it names the setting of the property. */
    public Finding finding(Place place, String property, String message) {
        return setting(place)
                .map(key -> folder.finding(key, message.replace(key + ": ", "")))
                .orElseGet(() ->
                        new Finding(place.file(), place.line(), property, "bean " + place.bean() + ": " + message));
    }

    /** The setting of a property of a built-in bean; empty for other beans. */
    private static Optional<String> setting(Place place) {
        Matcher setting = SETTING.matcher(place.text());
        return place.file().startsWith(BuiltIn.PREFIX) && setting.matches()
                ? Optional.of(setting.group(1))
                : Optional.empty();
    }

    /** The place of the property, or else of the bean, or else the folder. */
    public Place named(String bean, String property) {
        return find(written -> written.path("name").asText().equals(bean), property)
                .orElse(new Place(folder.path().toString(), 0, bean, ""));
    }

    /**
     * The place of the property of the first bean of this type that has it; empty if none has it.
     *
     * @param value the value of the property, which distinguishes beans of one type
     */
    Optional<Place> typed(String type, String property, String value) {
        return find(
                written -> written.path("type").asText().equals(type)
                        && written.path("properties").has(property)
                        && mayBe(written.path("properties").path(property).asText(), value),
                property);
    }

    private boolean mayBe(String text, String value) {
        Matcher setting = SETTING.matcher(text);
        String resolved = setting.matches()
                ? new Settings(folder, new Properties()).value(setting.group(1)).orElse(value)
                : text;
        return resolved.equals(value) || resolved.contains("{{");
    }

    /** The place of the first bean of this type; empty if there is none. */
    Optional<Place> typed(String type) {
        return find(
                written -> written.path("type").asText().replace("#class:", "").equals(type), "");
    }

    private Optional<Place> find(Predicate<JsonNode> meant, String property) {
        for (YamlFile file : files) {
            for (int part = 0; part < file.content().size(); part++) {
                JsonNode beans = file.content().path(part).path("beans");
                for (int i = 0; i < beans.size(); i++) {
                    if (meant.test(beans.path(i))) {
                        return Optional.of(place(file, "/" + part + "/beans/" + i, property));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Place place(YamlFile file, String bean, String property) {
        String there = bean + "/properties/" + property;
        JsonNode value = file.content().at(there);
        return new Place(
                file.name(),
                file.line(value.isMissingNode() ? bean : there),
                file.content().at(bean + "/name").asText(),
                value.asText());
    }
}
