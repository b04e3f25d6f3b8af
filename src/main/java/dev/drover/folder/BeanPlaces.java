package dev.drover.folder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Where the beans of a routes folder are written. */
public final class BeanPlaces {

    private final RoutesFolder folder;
    private final List<YamlFile> files;

    public BeanPlaces(RoutesFolder folder) {
        this.folder = folder;
        this.files = folder.files().stream().map(YamlFile::of).toList();
    }

    /**
     * Where a property of a bean is written.
     *
     * @param line counted from 1; 0 if that is not known
     * @param bean the name of the bean
     * @param text the value as it is written; empty if there is none
     */
    public record Place(String file, int line, String bean, String text) {}

    /** The property of the bean of this name, or the bean; the folder if no file has it. */
    public Place named(String bean, String property) {
        return find(written -> written.path("name").asText().equals(bean), property)
                .orElse(new Place(folder.path().toString(), 0, bean, ""));
    }

    /** The property of the first bean of this type that has it; empty if no file has such a bean. */
    Optional<Place> typed(String type, String property) {
        return find(
                written -> written.path("type").asText().equals(type)
                        && written.path("properties").has(property),
                property);
    }

    /** The first bean of this type; empty if no file has one. */
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
