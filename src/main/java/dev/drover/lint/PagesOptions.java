package dev.drover.lint;

import dev.drover.config.Consistency;
import dev.drover.config.OptionException;
import dev.drover.config.PagesConfig;
import dev.drover.consistency.ConsistencyChoice;
import dev.drover.ledger.Cause;
import dev.drover.pages.PagesEndpoint;
import dev.drover.route.Finding;
import dev.drover.route.RoutePlace;
import dev.drover.source.SourceForm;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.springframework.core.NestedExceptionUtils;

/** Checks the options of {@code pages}: sizes, key, startAfter, consistency. */
final class PagesOptions {

    private PagesOptions() {}

    static List<Finding> findings(CamelContext context, RouteDefinition route) {
        String uri = RoutePlace.resolved(context, route.getInput().getEndpointUri());
        try {
            PagesEndpoint endpoint = context.getEndpoint(uri, PagesEndpoint.class);
            PagesConfig config = endpoint.config();
            SourceForm form = SourceForm.of(context, route, endpoint);
            if (config.consistency() != Consistency.AUTO) {
                new ConsistencyChoice(config, Optional.empty(), form.step()).choose();
            }
            form.requireForm();
            return List.of();
        } catch (RuntimeException | SQLException e) {
            return List.of(refused(route, e));
        }
    }

    private static Finding refused(RouteDefinition route, Exception failure) {
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof OptionException e
                ? RoutePlace.of(route).finding(e.option(), e.doubt().toString())
                : RoutePlace.of(route).finding("uri", Cause.line(failure));
    }
}
