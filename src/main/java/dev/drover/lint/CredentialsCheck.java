package dev.drover.lint;

import dev.drover.credentials.Credential;
import dev.drover.credentials.Problem;
import dev.drover.folder.BeanPlaces;
import dev.drover.folder.RoutesFolder;
import dev.drover.route.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;

/** Asks every credential among the beans what is wrong with it, and says where that is written. */
public final class CredentialsCheck {

    private final RoutesFolder folder;
    private final Map<String, Credential> credentials;

    /** Of a context that has its beans. */
    public CredentialsCheck(CamelContext context, RoutesFolder folder) {
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
    public List<Finding> missing() {
        return findings(Credential::missing, text -> false);
    }

    private List<Finding> findings(Function<Credential, List<Problem>> asked, Predicate<String> unset) {
        BeanPlaces places = new BeanPlaces(folder);
        List<Finding> findings = new ArrayList<>();
        credentials.forEach((bean, credential) -> {
            for (Problem problem : asked.apply(credential)) {
                BeanPlaces.Place place = places.named(bean, problem.property());
                if (!unset.test(place.text())) {
                    findings.add(new Finding(
                            place.file(), place.line(), problem.property(), "bean " + bean + ": " + problem.message()));
                }
            }
        });
        return findings;
    }
}
