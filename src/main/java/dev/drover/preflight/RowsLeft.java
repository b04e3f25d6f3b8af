package dev.drover.preflight;

import dev.drover.ledger.Cursor;
import dev.drover.pages.Consistency;
import dev.drover.pages.PageQuery;
import dev.drover.pages.Pipeline;
import dev.drover.pages.RunLimits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many rows pipelines still have in front of them: by their own SQL, so its conditions count. */
public final class RowsLeft {

    private static final Logger LOG = LoggerFactory.getLogger(RowsLeft.class);
    private static final int TIMEOUT_SECONDS = 5;

    private RowsLeft() {}

    /**
     * Counts the rows after the checkpoints.
     *
     * @return less than 0 if a pipeline is not read by SQL, or has a limit to end at, or its count fails or takes
     *     longer than five seconds
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
                left += count(
                        loaded, pipeline.checkpoint().orElse(loaded.config().startAfter()));
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

    private static long count(LoadedPipeline pipeline, @Nullable Cursor after) throws SQLException {
        try (Connection connection = pipeline.source().getConnection()) {
            PageQuery all = pipeline.query(connection, after, Integer.MAX_VALUE);
            PageQuery counted = new PageQuery("SELECT COUNT(*) FROM (" + all.sql() + ") rows_left", all.binder());
            try (PreparedStatement statement = counted.prepare(connection, "")) {
                statement.setQueryTimeout(TIMEOUT_SECONDS);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        }
    }
}
