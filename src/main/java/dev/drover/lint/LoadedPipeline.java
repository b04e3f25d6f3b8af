package dev.drover.lint;

import dev.drover.config.PagesConfig;
import dev.drover.folder.BadInputException;
import dev.drover.ledger.Cursor;
import dev.drover.pages.PagesEndpoint;
import dev.drover.route.Finding;
import dev.drover.route.Nearest;
import dev.drover.route.RoutePlace;
import dev.drover.route.RouteShape;
import dev.drover.route.RouteSteps;
import dev.drover.source.CheckpointGuard;
import dev.drover.source.SourceForm;
import dev.drover.sql.PageQuery;
import dev.drover.sql.SqlStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A loaded pipeline that does not run: its source, its options and the SQL of its pages.
 *
 * @param route its route in the long form
 * @param endpoint the endpoint of its {@code from}
 */
public record LoadedPipeline(CamelContext context, RouteDefinition route, PagesEndpoint endpoint) {

    /**
     * The pipeline of this name.
     *
     * @param option the option of the command that has the name, for the message
     * @throws BadInputException if there is none
     */
    public static LoadedPipeline named(String option, String name, List<LoadedPipeline> pipelines) {
        List<String> names = pipelines.stream().map(LoadedPipeline::name).toList();
        int place = names.indexOf(name);
        if (place < 0) {
            throw new BadInputException(option + ": there is no pipeline '" + name + "'; the pipelines are "
                    + String.join(", ", names) + Nearest.hint(name, names));
        }
        return pipelines.get(place);
    }

    public PagesConfig config() {
        return endpoint.config();
    }

    public String name() {
        return config().name();
    }

    public SourceForm form() {
        return SourceForm.of(context, route, endpoint);
    }

    /** The SQL read step; empty in the table form or if another component reads the page. */
    public Optional<SqlStep> readStep() {
        return form().step();
    }

    /** Why its records travel one by one; empty if they travel in slices. */
    public Optional<String> single() {
        return RouteShape.single(context, route);
    }

    public boolean readsSql() {
        return form().readsSql();
    }

    /** Compares its checkpoint with its source. */
    public CheckpointGuard guard() {
        return new CheckpointGuard(form(), config());
    }

    public DataSource source() {
        return form().source();
    }

    /** The table that has the key; empty if unknown. */
    public Optional<String> table() {
        return form().table();
    }

    /** The SQL of a page for people: the text of the read step, or the SQL of the table form. */
    public String sql(Connection connection, @Nullable Cursor after) throws SQLException {
        Optional<SqlStep> step = readStep();
        return step.isPresent() ? step.get().query() : query(connection, after).sql();
    }

    /** The query that the database gets for the page after a cursor. If it has a bound, that is the highest key. */
    public PageQuery query(Connection connection, @Nullable Cursor after) throws SQLException {
        return form().query(connection, after, config().pageSize());
    }

    /** Keeps its route from starting with the context. To be called before the routes start. */
    public void leaveAtRest() {
        String id = route.getRouteId();
        RouteSteps.model(context).getRouteDefinitions().stream()
                .filter(written -> written == route || (id != null && id.equals(written.getRouteId())))
                .forEach(written -> written.setAutoStartup("false"));
    }

    /** A finding about an option, at the line of its {@code from}. */
    public Finding finding(String option, String message) {
        return RoutePlace.of(route).finding(option, message);
    }
}
