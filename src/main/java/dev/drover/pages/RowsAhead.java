package dev.drover.pages;

import dev.drover.config.Consistency;
import dev.drover.config.RunLimits;
import dev.drover.route.RouteSteps;
import dev.drover.source.SourceForm;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the rows after the checkpoint of a pipeline, by its own SQL, so that its conditions apply. */
public final class RowsAhead {

    /** The largest count of {@link #count}, which keeps it cheap. */
    public static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(RowsAhead.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONGER_PATIENCE = Duration.ofSeconds(5);

    private RowsAhead() {}

    /** The count; empty if the pipeline claims its rows, is not read by SQL, or the source does not count them in time. */
    public static OptionalLong count(CamelContext context, Pipeline pipeline) {
        return count(context, pipeline, MOST, PATIENCE);
    }

    /**
     * Counts all rows after the checkpoints.
     *
     * @return a negative number if a pipeline ends at a limit, or cannot be counted within five seconds
     */
    public static long left(CamelContext context, Collection<Pipeline> pipelines) {
        long left = 0;
        for (Pipeline pipeline : pipelines) {
            RunLimits limits = pipeline.config().limits();
            boolean endsBefore = limits.records() > 0 || limits.until() != null;
            OptionalLong rows =
                    endsBefore ? OptionalLong.empty() : count(context, pipeline, Integer.MAX_VALUE, LONGER_PATIENCE);
            if (rows.isEmpty()) {
                return -1;
            }
            left += rows.getAsLong();
        }
        return left;
    }

    private static OptionalLong count(CamelContext context, Pipeline pipeline, int most, Duration patience) {
        if (pipeline.unread().isPresent()) {
            long unread = pipeline.unread().getAsLong() + pipeline.ledger().window();
            return OptionalLong.of(Math.min(unread, most));
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
                    form.count(pipeline.checkpoint().orElse(pipeline.config().startAfter()), most, patience));
        } catch (SQLException | RuntimeException e) {
            LOG.debug("{}: the rows ahead are not counted", pipeline.name(), e);
            return OptionalLong.empty();
        }
    }
}
