package dev.drover.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.credentials.Credential;
import dev.drover.credentials.Problem;
import dev.drover.pages.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;

/** Asks every credential among the beans what is wrong with it, and says where that is written. */
final class CredentialsCheck {

    private final RoutesFolder folder;
    private final Map<String, Credential> credentials;

    /** Of a context that has its beans. */
    CredentialsCheck(CamelContext context, RoutesFolder folder) {
        this.folder = folder;
        this.credentials = context.getRegistry().findByTypeWithName(Credential.class);
    }

    /**
     * What is wrong with them as they are written.
     *
     * @param unset whether a text asks for a setting that has no value, which is told of elsewhere
     */
    List<Finding> written(Predicate<String> unset) {
        return findings(Credential::problems, unset);
    }

    /** What is wrong with the variables and files that they name. */
    List<Finding> missing() {
        return findings(Credential::missing, text -> false);
    }

    private List<Finding> findings(Function<Credential, List<Problem>> asked, Predicate<String> unset) {
        List<YamlFile> files = folder.files().stream().map(YamlFile::of).toList();
        List<Finding> findings = new ArrayList<>();
        credentials.forEach((bean, credential) -> {
            for (Problem problem : asked.apply(credential)) {
                Place place = place(files, bean, problem.property());
                if (!unset.test(place.text())) {
                    findings.add(new Finding(
                            place.file(), place.line(), problem.property(), "bean " + bean + ": " + problem.message()));
                }
            }
        });
        return findings;
    }

    private record Place(String file, int line, String text) {}

    /** Where a property is written, or its bean; the folder if no file has it. */
    private Place place(List<YamlFile> files, String bean, String property) {
        for (YamlFile file : files) {
            Optional<String> pointer = pointer(file.content(), bean);
            if (pointer.isPresent()) {
                String there = pointer.get() + "/properties/" + property;
                JsonNode value = file.content().at(there);
                return new Place(file.name(), file.line(value.isMissingNode() ? pointer.get() : there), value.asText());
            }
        }
        return new Place(folder.path().toString(), 0, "");
    }

    private static Optional<String> pointer(JsonNode content, String bean) {
        for (int part = 0; part < content.size(); part++) {
            JsonNode beans = content.path(part).path("beans");
            for (int i = 0; i < beans.size(); i++) {
                if (beans.path(i).path("name").asText().equals(bean)) {
                    return Optional.of("/" + part + "/beans/" + i);
                }
            }
        }
        return Optional.empty();
    }
}
