package dev.drover.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.sql.DefaultSqlPrepareStatementStrategy;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.component.sql.SqlPrepareStatementStrategy;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/** The stock {@code sql} step that reads the pages of a route. It binds parameters by the code of that step. */
public final class SqlStep {

    private final SqlEndpoint endpoint;
    private volatile @Nullable PageSql read;

    private SqlStep(SqlEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The first {@code sql} step of the route; empty if there is none. */
    public static Optional<SqlStep> of(CamelContext context, RouteDefinition route) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class).stream()
                .map(step -> context.getEndpoint(step.getEndpointUri()))
                .filter(SqlEndpoint.class::isInstance)
                .map(found -> new SqlStep((SqlEndpoint) found))
                .findFirst();
    }

    public DataSource source() {
        DataSource source = endpoint.getJdbcTemplate().getDataSource();
        if (source == null) {
            throw new IllegalStateException("the read step has no DataSource");
        }
        return source;
    }

    /** The SQL as the user wrote it. */
    public String query() {
        return written(endpoint);
    }

    private static String written(SqlEndpoint endpoint) {
        return endpoint.getQuery().replace(":?", ":#"); // the component has replaced the mark
    }

    private SqlPrepareStatementStrategy strategy() {
        SqlPrepareStatementStrategy own = endpoint.getPrepareStatementStrategy();
        return own == null ? new DefaultSqlPrepareStatementStrategy() : own;
    }

    /**
     * The parsed SQL.
     *
     * @param key the key columns of the pipeline
     */
    public PageSql read(List<String> key) {
        PageSql known = read;
        if (known == null || !known.key().equals(key)) {
            known = new PageSql(query(), key);
            read = known;
        }
        return known;
    }

    public boolean asksFor(String variable) {
        return asksFor(endpoint, variable);
    }

    public static boolean asksFor(SqlEndpoint endpoint, String variable) {
        return SqlParameters.of(written(endpoint)).asksFor(variable);
    }

    /** The query that the database gets for a page. A missing cursor is bound as NULL. */
    public PageQuery query(PageRequest page) throws SQLException {
        Exchange exchange = new DefaultExchange(endpoint.getCamelContext());
        page.setVariables(exchange);
        String prepared = strategy().prepareQuery(endpoint.getQuery(), endpoint.isAllowNamedParameters(), exchange);
        return new PageQuery(prepared, statement -> bind(statement, prepared, exchange));
    }

    private void bind(PreparedStatement statement, String prepared, Exchange exchange) throws SQLException {
        int expected = statement.getParameterMetaData().getParameterCount();
        Iterator<?> values = strategy().createPopulateIterator(endpoint.getQuery(), prepared, expected, exchange, null);
        strategy().populateStatement(statement, values, expected);
    }
}
