package dev.drover.lint;

import dev.drover.config.CheckedBean;
import dev.drover.config.Problem;
import dev.drover.folder.BeanPlaces;
import dev.drover.folder.RoutesFolder;
import dev.drover.route.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;

/** Lets each bean that can check itself do so, and finds the place of each problem. */
public final class BeansCheck {

    private final RoutesFolder folder;
    private final Map<String, CheckedBean> beans;

    /** Prepares the check of a context that has its beans. */
    public BeansCheck(CamelContext context, RoutesFolder folder) {
        this.folder = folder;
        this.beans = context.getRegistry().findByTypeWithName(CheckedBean.class);
    }

    /**
     * The problems in the files.
     *
     * @param unset whether a text uses a setting without a value, which another check reports
     */
    List<Finding> written(Predicate<String> unset) {
        return findings(CheckedBean::problems, unset);
    }

    /** The problems with the variables and files that the beans name. */
    public List<Finding> missing() {
        return findings(CheckedBean::missing, text -> false);
    }

    private List<Finding> findings(Function<CheckedBean, List<Problem>> asked, Predicate<String> unset) {
        List<Finding> findings = new ArrayList<>();
        beans.forEach((bean, checked) -> {
            for (Problem problem : asked.apply(checked)) {
                BeanPlaces places = new BeanPlaces(folder);
                BeanPlaces.Place place = places.named(bean, problem.property());
                if (!unset.test(place.text())) {
                    findings.add(places.finding(place, problem.property(), problem.message()));
                }
            }
        });
        return findings;
    }
}
