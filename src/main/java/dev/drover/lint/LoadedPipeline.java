package dev.drover.lint;

import dev.drover.config.PagesConfig;
import dev.drover.ledger.Cursor;
import dev.drover.pages.PagesEndpoint;
import dev.drover.route.Finding;
import dev.drover.route.RouteShape;
import dev.drover.source.CheckpointGuard;
import dev.drover.source.SourceForm;
import dev.drover.sql.PageQuery;
import dev.drover.sql.SqlStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline of loaded routes, at rest: its source, its options and the SQL of its pages, whichever form it has.
 *
 * @param route its route
 * @param endpoint where the route begins
 */
public record LoadedPipeline(CamelContext context, RouteDefinition route, PagesEndpoint endpoint) {

    public PagesConfig config() {
        return endpoint.config();
    }

    public String name() {
        return config().name();
    }

    public SourceForm form() {
        return SourceForm.of(context, route, endpoint);
    }

    /** The read step in front of the split; empty in the table form, and where another component reads the page. */
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

    /** What is compared with its checkpoint. */
    public CheckpointGuard guard() {
        return new CheckpointGuard(form(), config());
    }

    public DataSource source() {
        return form().source();
    }

    /** The table that has the key; empty when it is not known. */
    public Optional<String> table() {
        return form().table();
    }

    /** The SQL of a page as the user knows it: that of his read step, or that of the table form. */
    public String sql(Connection connection, @Nullable Cursor after) throws SQLException {
        Optional<SqlStep> step = readStep();
        return step.isPresent() ? step.get().query() : query(connection, after).sql();
    }

    /** The query of the page after a cursor, as it goes to the database; up to its highest key if it has a bound. */
    public PageQuery query(Connection connection, @Nullable Cursor after) throws SQLException {
        return query(connection, after, config().pageSize());
    }

    /** The same of a page with another number of rows. */
    public PageQuery query(Connection connection, @Nullable Cursor after, int rows) throws SQLException {
        return form().query(connection, after, rows);
    }

    /** Has its route not start with the context; to be called before routes are started. */
    public void leaveAtRest() {
        String id = route.getRouteId();
        context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .filter(written -> written == route || (id != null && id.equals(written.getRouteId())))
                .forEach(written -> written.setAutoStartup("false"));
    }

    /** What is wrong with an option of it, at the line where its route begins. */
    public Finding finding(String option, String message) {
        FromDefinition from = route.getInput();
        String file = from.getLocation() == null ? "route " + name() : from.getLocation();
        return new Finding(
                file.replaceFirst("^file:", ""),
                from.getLineNumber(),
                option,
                message + " (route " + route.getRouteId() + ")");
    }
}
