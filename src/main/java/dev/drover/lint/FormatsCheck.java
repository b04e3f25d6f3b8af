package dev.drover.lint;

import dev.drover.folder.BeanPlaces;
import dev.drover.folder.RoutesFolder;
import dev.drover.format.CloudEvents;
import dev.drover.route.Finding;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;

/** Asks the CloudEvents formats among the beans what they still need, and says where that should be written. */
final class FormatsCheck {

    private final CamelContext context;
    private final RoutesFolder folder;

    /** Of a context that has its beans. */
    FormatsCheck(CamelContext context, RoutesFolder folder) {
        this.context = context;
        this.folder = folder;
    }

    List<Finding> findings() {
        BeanPlaces places = new BeanPlaces(folder);
        List<Finding> findings = new ArrayList<>();
        context.getRegistry().findByTypeWithName(CloudEvents.class).forEach((bean, events) -> events.missing()
                .forEach((property, message) -> {
                    BeanPlaces.Place place = places.named(bean, property);
                    findings.add(new Finding(place.file(), place.line(), property, "bean " + bean + ": " + message));
                }));
        return findings;
    }
}
