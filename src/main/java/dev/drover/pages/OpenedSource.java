package dev.drover.pages;

import dev.drover.config.Consistency;
import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.consistency.Claims;
import dev.drover.consistency.HeldBack;
import dev.drover.consistency.Horizon;
import dev.drover.consistency.LateRows;
import dev.drover.ledger.Cursor;
import dev.drover.rows.ChangeUpkeep;
import dev.drover.rows.HighestKey;
import dev.drover.rows.PageReader;
import dev.drover.source.PremiseWatch;
import dev.drover.source.SourceForm;
import dev.drover.source.StepOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a pipeline reads its source. This is determined when the source first answers.
 *
 * @param consistency the mode, named or chosen
 * @param reader reads the table form; empty if a step of the route reads
 * @param order proves the order of the rows that a step of the route reads
 * @param horizon limits how far may be read
 * @param premises checks the premises of the mode again while the pipeline runs
 * @param lateRows finds rows that appear behind the cursor; empty if there can be none, or if none are promised
 * @param heldBack finds rows that cannot be read yet
 * @param upkeep writes to the change log; empty if no change log is read
 */
record OpenedSource(
        Consistency consistency,
        Optional<PageReader> reader,
        StepOrder order,
        Horizon horizon,
        PremiseWatch premises,
        Optional<LateRows> lateRows,
        HeldBack heldBack,
        Optional<ChangeUpkeep> upkeep) {

    private static final Logger LOG = LoggerFactory.getLogger(OpenedSource.class);

    /**
     * Looks at the source.
     *
     * @param claims the claims on the rows; empty in the other modes
     * @param begin the key after which reading begins
     * @throws SQLException if the database fails; try again later
     * @throws IllegalArgumentException if the key or the consistency mode does not fit; the message names what is allowed
     */
    static OpenedSource open(
            CamelContext context,
            RouteDefinition route,
            PagesEndpoint endpoint,
            Optional<Claims> claims,
            @Nullable Cursor begin)
            throws SQLException {
        PagesConfig config = endpoint.config();
        SourceForm form = SourceForm.of(context, route, endpoint);
        form.requireChangeLog();
        form.requireSql();
        form.requireBeginning(begin);
        boolean proven = form.requireKey();
        if (form.readsSql()) {
            try (Connection connection = form.source().getConnection()) {
                form.requireKeyTypes(connection, begin);
            }
        }
        Consistency consistency = form.consistency();
        Horizon horizon = new Horizon(
                form.upperKey(consistency).orElse(null), config.limits().until(), config.mode() == Mode.DRAIN);
        Optional<LateRows> late = consistency == Consistency.LAG
                ? Optional.of(new LateRows(
                        form.source(),
                        new HighestKey(form.keyTable(), config.key()),
                        config.lag().multipliedBy(2),
                        begin,
                        System::nanoTime))
                : Optional.empty();
        Optional<PageReader> reader =
                claims.isPresent() ? Optional.of(claims.get()) : endpoint.tableReader(consistency);
        PremiseWatch premises = new PremiseWatch(form, consistency);
        HeldBack heldBack =
                claims.map(claimed -> claimed.heldBack(config.mode())).orElseGet(() -> form.heldBack(consistency));
        announce(config, consistency, endpoint.isFed());
        return new OpenedSource(
                consistency, reader, new StepOrder(form, proven), horizon, premises, late, heldBack, endpoint.upkeep());
    }

    /** Logs what the mode promises. */
    private static void announce(PagesConfig config, Consistency consistency, boolean isFed) {
        if (isFed) {
            LOG.info("{}: reads the changes that its feed brings", config.name());
        } else if (consistency == Consistency.LAG) {
            LOG.warn(
                    "{}: consistency LAG is best effort: a row committed more than {} s late is passed over",
                    config.name(),
                    config.lag().toSeconds());
        } else if (consistency == Consistency.STATIC && config.mode() == Mode.FOLLOW) {
            LOG.warn(
                    "{}: consistency STATIC while it follows: a row that is committed late is passed over",
                    config.name());
        } else {
            LOG.info("{}: consistency {}", config.name(), consistency);
        }
    }
}
