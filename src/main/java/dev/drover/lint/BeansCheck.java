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

/** Asks each bean that can check itself what is wrong with it, and says where that is written. */
public final class BeansCheck {

    private final RoutesFolder folder;
    private final Map<String, CheckedBean> beans;

    /** Of a context that has its beans. */
    public BeansCheck(CamelContext context, RoutesFolder folder) {
        this.folder = folder;
        this.beans = context.getRegistry().findByTypeWithName(CheckedBean.class);
    }

    /**
     * What is wrong with them as they are written.
     *
     * @param unset whether a text asks for a setting that has no value, which is told of elsewhere
     */
    List<Finding> written(Predicate<String> unset) {
        return findings(CheckedBean::problems, unset);
    }

    /** What is wrong with the variables and files that they name. */
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
