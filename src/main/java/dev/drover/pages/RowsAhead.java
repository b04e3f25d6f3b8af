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

/** Counts the rows after the checkpoint of a pipeline, up to a limit that keeps the count cheap. */
public final class RowsAhead {

    /** The largest count. */
    public static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(RowsAhead.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private RowsAhead() {}

    /** The count; empty if the pipeline claims its rows, is not read by SQL, or the source does not count them in time. */
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
