package dev.drover.preflight;

import dev.drover.config.Consistency;
import dev.drover.config.RunLimits;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.Pipeline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the unread rows of pipelines by their own SQL, so that its conditions apply. */
public final class RowsLeft {

    private static final Logger LOG = LoggerFactory.getLogger(RowsLeft.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private RowsLeft() {}

    /**
     * Counts the rows after the checkpoints.
     *
     * @return a negative number if a pipeline is not read by SQL, ends at a limit, or cannot be counted within five
     *     seconds
     */
    public static long count(CamelContext context, Collection<Pipeline> pipelines) {
        long left = 0;
        for (Pipeline pipeline : pipelines) {
            LoadedPipeline loaded = LoadedRoutes.pipelines(context).stream()
                    .filter(LoadedPipeline::readsSql)
                    .filter(each -> each.name().equals(pipeline.name()))
                    .findFirst()
                    .orElse(null);
            if (loaded == null
                    || loaded.config().consistency() == Consistency.CLAIM
                    || endsBefore(loaded.config().limits())) {
                return -1;
            }
            try {
                left += loaded.form()
                        .count(pipeline.checkpoint().orElse(loaded.config().startAfter()), Integer.MAX_VALUE, PATIENCE);
            } catch (SQLException | RuntimeException e) {
                LOG.debug("{}: its rows are not counted", pipeline.name(), e);
                return -1;
            }
        }
        return left;
    }

    private static boolean endsBefore(RunLimits limits) {
        return limits.records() > 0 || limits.until() != null;
    }
}
