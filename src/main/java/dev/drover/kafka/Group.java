package dev.drover.kafka;

import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.Settlement;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;

/**
 * A consumer group, which is a pipeline of the same name in this process.
 *
 * @param maxInFlight the window
 */
record Group(CamelContext context, String name, int maxInFlight) {

    /** Opens the store, which dead letters need, and registers the pipeline. */
    Pipeline open(Settlement settlement, int atOnce) {
        PagesComponent pages = pages();
        pages.checkpoints();
        Mode mode = pages.getMode() == null ? Mode.FOLLOW : pages.getMode();
        PagesConfig config = PagesConfig.readElsewhere(name, RecordAt.KEY, atOnce, maxInFlight, mode);
        Pipeline pipeline = new Pipeline(config, routeId().orElse(name), settlement);
        pages.running().add(context, pipeline);
        return pipeline;
    }

    void close(Pipeline pipeline) {
        pages().running().remove(pipeline);
    }

    private PagesComponent pages() {
        return context.getComponent("pages", PagesComponent.class);
    }

    private Optional<String> routeId() {
        return context.getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof KafkaEndpoint topic
                        && name.equals(topic.getConfiguration().getGroupId()))
                .map(Route::getRouteId)
                .findFirst();
    }
}
