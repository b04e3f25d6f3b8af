package dev.drover.preflight;

import dev.drover.config.OptionException;
import dev.drover.ledger.Cause;
import dev.drover.lint.LoadedPipeline;
import dev.drover.route.Finding;
import dev.drover.route.Nearest;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeyProof;
import dev.drover.sql.PageQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Checks the page and the key of a pipeline by the catalog, without reading a row. What the catalog cannot know, such
 * as the key of a view or a join, is not refused.
 */
final class SourceTable {

    /** The SQLSTATEs of missing tables, columns and rights, and of invalid SQL. */
    private static final Set<String> WRONG_SQL =
            Set.of("42P01", "42703", "42501", "42601", "3F000", "42000", "42001", "42S02", "42S03", "42S04", "42S22");

    private final LoadedPipeline pipeline;
    private final Connection connection;
    private final List<String> key;

    SourceTable(LoadedPipeline pipeline, Connection connection) {
        this.pipeline = pipeline;
        this.connection = connection;
        this.key = pipeline.config().key();
    }

    List<Finding> findings() throws SQLException {
        try {
            pipeline.form().requireChangeLog();
            List<Finding> findings = pipeline.form().endpoint().isChanges() ? changedRow() : List.of();
            if (!pipeline.readsSql() || !findings.isEmpty()) {
                return findings;
            }
            findings = page();
            if (findings.isEmpty()) {
                findings = unproven();
            }
            if (findings.isEmpty()) {
                pipeline.form().consistency(); // refuses what does not fit
            }
            return findings;
        } catch (OptionException e) {
            return List.of(pipeline.finding(e.option(), e.doubt().toString()));
        } catch (IllegalArgumentException e) { // two tables or columns may have the name
            return List.of(pipeline.finding("table", String.valueOf(e.getMessage())));
        }
    }

    /** Any failure other than wrong SQL is left to the first page, which binds real values. */
    private List<Finding> page() {
        List<Finding> findings = new ArrayList<>();
        try {
            if (pipeline.readStep().isPresent() && isUndescribed()) {
                return List.of(pipeline.finding(
                        "query",
                        "cannot be read with preferQueryMode=simple in the URL, in which the driver does not describe its"
                                + " parameters; leave that out, or name the table instead"));
            }
            PageQuery query = pipeline.query(connection, pipeline.config().startAfter());
            try (PreparedStatement page = query.prepare(connection, "")) {
                ResultSetMetaData columns = page.getMetaData();
                if (columns != null) {
                    findings.addAll(keyInPage(columns));
                    pipeline.form()
                            .keyRefusal(connection, columns, pipeline.config().startAfter())
                            .ifPresent(refusal ->
                                    findings.add(pipeline.finding("key", refusal.text() + "; " + refusal.remedy())));
                }
                requireRights(query);
            }
        } catch (SQLException e) {
            return wrongSql(pipeline.readStep().isPresent() ? "query" : "table", e);
        }
        return findings;
    }

    /** The records of changes have the rows of the table. */
    private List<Finding> changedRow() {
        try {
            PageQuery query = pipeline.form().endpoint().changedRow(connection);
            try (PreparedStatement row = query.prepare(connection, "")) {
                ResultSetMetaData unused = row.getMetaData();
                requireRights(query);
            }
            return List.of();
        } catch (SQLException e) {
            return wrongSql("table", e);
        }
    }

    private List<Finding> wrongSql(String option, SQLException e) {
        return WRONG_SQL.contains(String.valueOf(e.getSQLState()))
                ? List.of(pipeline.finding(option, "the page cannot be read: " + Cause.line(e)))
                : List.of();
    }

    /** Whether the driver of PostgreSQL cannot describe the parameters of a statement, which the component sql asks for. */
    private boolean isUndescribed() throws SQLException {
        return connection.isWrapperFor(PGConnection.class)
                && connection.unwrap(PGConnection.class).getPreferQueryMode() == PreferQueryMode.SIMPLE;
    }

    /**
     * Runs EXPLAIN on PostgreSQL, which checks rights only when it runs a statement. Others check them when they parse
     * it.
     */
    private void requireRights(PageQuery query) throws SQLException {
        if (Dialect.of(connection) == Dialect.POSTGRESQL) {
            try (PreparedStatement plan = query.prepare(connection, "EXPLAIN ")) {
                plan.execute();
            }
        }
    }

    private List<Finding> unproven() throws SQLException {
        return pipeline.form().keyProof(connection).map(KeyProof::doubts).orElse(List.of()).stream()
                .map(doubt -> pipeline.finding("key", doubt.toString()))
                .toList();
    }

    private List<Finding> keyInPage(ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            names.add(columns.getColumnLabel(column));
        }
        return key.stream()
                .filter(part -> names.stream().noneMatch(part::equalsIgnoreCase))
                .map(part -> pipeline.finding(
                        "key",
                        "'" + part + "' is not a column of the page; its columns are " + String.join(", ", names)
                                + Nearest.hint(part, names)))
                .toList();
    }
}
