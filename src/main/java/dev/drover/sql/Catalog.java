package dev.drover.sql;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Looks facts up in the catalog of a database. Each known engine has its own queries. */
record Catalog(Connection connection, @Nullable CatalogSql sql) {

    /** The catalog of a database. That of an unknown engine has no facts. */
    static Catalog of(Connection connection) throws SQLException {
        return new Catalog(
                connection,
                switch (Dialect.of(connection)) {
                    case POSTGRESQL -> CatalogSql.POSTGRESQL;
                    case MARIADB -> CatalogSql.MARIADB;
                    case H2 -> CatalogSql.H2;
                    case STANDARD -> null;
                });
    }

    /** A relation with the wanted name, in any case. */
    private record Candidate(String named, String schema, String name, TableFacts.Kind kind) {}

    Optional<TableFacts> find(String table) throws SQLException {
        List<Names.Part> parts = Names.parts(table);
        Names.Part name = parts.get(parts.size() - 1);
        Names.Part schema = parts.size() == 1 ? null : parts.get(parts.size() - 2);
        if (sql == null) {
            return Optional.empty();
        }
        UnaryOperator<String> fold = fold();
        List<Candidate> candidates = candidates(sql, name.text(), schema == null ? null : schema.text());
        if (schema != null) {
            List<String> schemas = candidates.stream().map(Candidate::schema).toList();
            String chosen = Names.choose(schema, schemas, fold, "schema").orElse("");
            candidates.removeIf(candidate -> !candidate.schema().equals(chosen));
        }
        List<String> names = candidates.stream().map(Candidate::named).toList();
        String chosen = Names.choose(name, names, fold, "table").orElse(null);
        for (Candidate candidate : candidates) {
            if (candidate.named().equals(chosen)) {
                return Optional.of(read(sql, candidate));
            }
        }
        if (Dialect.of(connection) == Dialect.H2 && schema == null && hasSearchPath()) {
            throw new IllegalArgumentException(
                    "'" + table + "' is not in the current schema, and SCHEMA_SEARCH_PATH is not"
                            + " followed: write it with its schema");
        }
        return Optional.empty();
    }

    /** Whether the H2 session has a search path. */
    private boolean hasSearchPath() throws SQLException {
        return !Query.all(
                        connection,
                        "SELECT 1 FROM INFORMATION_SCHEMA.SESSION_STATE WHERE STATE_KEY = 'SCHEMA_SEARCH_PATH'",
                        row -> true)
                .isEmpty();
    }

    /** How the database folds a name without quotes. */
    private UnaryOperator<String> fold() throws SQLException {
        DatabaseMetaData rules = connection.getMetaData();
        if (rules.storesLowerCaseIdentifiers()) {
            return name -> name.toLowerCase(Locale.ROOT);
        }
        return rules.storesUpperCaseIdentifiers() ? name -> name.toUpperCase(Locale.ROOT) : UnaryOperator.identity();
    }

    private TableFacts read(CatalogSql sql, Candidate found) throws SQLException {
        return new TableFacts(found.schema(), found.name(), found.kind(), columns(sql, found), keys(sql, found));
    }

    private List<Candidate> candidates(CatalogSql sql, String name, @Nullable String schema) throws SQLException {
        return Query.all(
                connection,
                sql.tables(),
                row -> new Candidate(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        TableFacts.Kind.valueOf(row.getString(4))),
                name,
                schema,
                schema);
    }

    private List<TableFacts.Column> columns(CatalogSql sql, Candidate of) throws SQLException {
        return Query.all(
                connection,
                sql.columns(),
                row -> new TableFacts.Column(
                        row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getString(5)),
                of.schema(),
                of.name());
    }

    private List<TableFacts.UniqueKey> keys(CatalogSql sql, Candidate of) throws SQLException {
        Map<String, TableFacts.UniqueKey> keys = new LinkedHashMap<>();
        for (TableFacts.UniqueKey part : Query.all(
                connection,
                sql.keys(),
                row -> {
                    String column = row.getString(3);
                    return new TableFacts.UniqueKey(
                            row.getString(1),
                            row.getBoolean(2),
                            column == null ? List.of() : List.of(column),
                            row.getString(4));
                },
                of.schema(),
                of.name())) {
            keys.merge(part.index(), part, Catalog::joined);
        }
        return List.copyOf(keys.values());
    }

    private static TableFacts.UniqueKey joined(TableFacts.UniqueKey one, TableFacts.UniqueKey next) {
        List<String> columns = new ArrayList<>(one.columns());
        columns.addAll(next.columns());
        return new TableFacts.UniqueKey(
                one.index(), one.primary(), List.copyOf(columns), one.flaw().isEmpty() ? next.flaw() : one.flaw());
    }
}
