package dev.drover.pages;

import dev.drover.config.Consistency;
import dev.drover.route.RouteSteps;
import dev.drover.source.SourceForm;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many rows a pipeline still has to deliver: those after its checkpoint, counted no further than is cheap. */
public final class RowsAhead {

    /** More are not counted. */
    public static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(RowsAhead.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private RowsAhead() {}

    /** Up to {@link #MOST}; empty if it is not read by SQL, or claims its rows, or the source does not count them in time. */
    public static OptionalLong count(CamelContext context, Pipeline pipeline) {
        if (pipeline.unread().isPresent()) {
            long unread = pipeline.unread().getAsLong() + pipeline.ledger().window();
            return OptionalLong.of(Math.min(unread, MOST));
        }
        if (!(context.getRoute(pipeline.routeId()).getEndpoint() instanceof PagesEndpoint endpoint)) {
            return OptionalLong.empty();
        }
        SourceForm form = SourceForm.of(context, RouteSteps.route(context, pipeline.routeId()), endpoint);
        if (!form.readsSql() || pipeline.config().consistency() == Consistency.CLAIM) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(
                    form.count(pipeline.checkpoint().orElse(pipeline.config().startAfter()), MOST, PATIENCE));
        } catch (SQLException | RuntimeException e) {
            LOG.debug("{}: the rows ahead are not counted", pipeline.name(), e);
            return OptionalLong.empty();
        }
    }
}
