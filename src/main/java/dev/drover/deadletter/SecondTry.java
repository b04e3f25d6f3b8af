package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.batch.PartSender;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the lone record of a refused batch once more, by an exchange of its own through the whole delivery route, so
 * that a pipeline which keeps what is refused notices when the destination accepts it.
 */
final class SecondTry {

    private static final String MARK = "droverSecondTry";

    private final PartSender sender = new PartSender();

    /** Whether this exchange is such a try: what is refused in it is kept by the exchange that it is for. */
    static boolean isOne(Exchange exchange) {
        return exchange.getProperty(MARK) != null;
    }

    /**
     * Delivers it; returns when the try has ended.
     *
     * @param routeId the delivery route that refused it
     * @return whether the record is settled by that: delivered, or set aside because there is room again
     */
    boolean settles(Exchange exchange, Batch batch, @Nullable String routeId) {
        Route route = routeId == null ? null : exchange.getContext().getRoute(routeId);
        if (route != null) {
            // as a further attempt: the rest of it, if any, is for the one that began
            Map<String, Object> properties = Map.of(MARK, true, PartSender.ATTEMPT, PartSender.attempt(exchange) + 1);
            Exchange unused = sender.send(batch, exchange, route, properties);
        }
        return batch.unsettled() == 0;
    }
}
