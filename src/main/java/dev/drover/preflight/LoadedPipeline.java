package dev.drover.preflight;

import dev.drover.ledger.Cursor;
import dev.drover.pages.Dialect;
import dev.drover.pages.KeysetQuery;
import dev.drover.pages.PagesConfig;
import dev.drover.pages.PagesEndpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline of loaded routes, at rest: its source, its options and the SQL of its pages, whichever form it has.
 *
 * @param route its route
 * @param endpoint where the route begins
 */
record LoadedPipeline(CamelContext context, RouteDefinition route, PagesEndpoint endpoint) {

    PagesConfig config() {
        return endpoint.config();
    }

    String name() {
        return config().name();
    }

    /** The read step in front of the split; empty in the table form, and where another component reads the page. */
    Optional<ReadStep> readStep() {
        return endpoint.getTable() == null ? ReadStep.of(context, route) : Optional.empty();
    }

    /** Whether a database is read: by the table form or by a step that is SQL. */
    boolean readsSql() {
        return endpoint.getTable() != null || readStep().isPresent();
    }

    DataSource source() {
        return readStep().map(ReadStep::source).orElseGet(endpoint::source);
    }

    /** The table that is read; empty when the SQL of the read step is more than a query of one table. */
    Optional<String> table() {
        String table = endpoint.getTable();
        return table == null ? readStep().flatMap(ReadStep::table) : Optional.of(table);
    }

    /** The SQL of a page as the user knows it: that of his read step, or that of the table form. */
    String sql(Connection connection, @Nullable Cursor after) throws SQLException {
        Optional<ReadStep> step = readStep();
        return step.isPresent() ? step.get().query() : query(connection, after).sql();
    }

    /** The query of the page after a cursor, as it goes to the database. */
    PageQuery query(Connection connection, @Nullable Cursor after) throws SQLException {
        Optional<ReadStep> step = readStep();
        if (step.isPresent()) {
            return step.get().query(after, config().pageSize());
        }
        String columns = endpoint.getColumns();
        KeysetQuery keyset = new KeysetQuery(
                Dialect.of(connection),
                String.valueOf(endpoint.getTable()),
                columns == null ? List.of() : List.of(columns.trim().split("\\s*,\\s*")),
                config().key());
        return new PageQuery(
                after == null ? keyset.firstPage() : keyset.nextPage(),
                statement -> keyset.bind(statement, after, config().pageSize()));
    }
}
