package dev.drover.preflight;

import dev.drover.pages.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the key is one: its columns exist, are never NULL, and no two rows have the same. */
final class DoctorKey {

    private final Connection connection;
    private final List<String> key;
    private final String names;

    DoctorKey(Connection connection, List<String> key) {
        this.connection = connection;
        this.key = key;
        this.names = String.join(", ", key);
    }

    /**
     * The checks of the key.
     *
     * @param named the table that is read; empty when the SQL reads more than one
     * @param table what the catalogue says of it; empty if it has none of this name
     */
    List<DoctorCheck> checks(Optional<String> named, Optional<TableFacts> table) throws SQLException {
        if (named.isEmpty()) {
            return List.of(DoctorCheck.notChecked(
                    "key",
                    "the SQL reads more than one plain table: make sure that " + names + " is unique in its"
                            + " result, never NULL, and in an index"));
        }
        if (table.isEmpty()) {
            return List.of(DoctorCheck.failed(
                    "key",
                    "the catalogue has no table " + named.get() + " that this user may see",
                    "correct the table, or GRANT SELECT on it"));
        }
        TableFacts facts = table.get();
        List<String> missing =
                key.stream().filter(part -> facts.column(part).isEmpty()).toList();
        if (!missing.isEmpty()) {
            return List.of(DoctorCheck.failed(
                    "key",
                    "the table " + facts.name() + " has no column " + String.join(", ", missing),
                    "correct the option key; the columns are "
                            + facts.columns().stream()
                                    .map(TableFacts.Column::name)
                                    .collect(Collectors.joining(", "))));
        }
        List<DoctorCheck> checks = new ArrayList<>();
        checks.add(unique(facts));
        checks.add(nulls(named.get(), facts));
        return checks;
    }

    private DoctorCheck unique(TableFacts facts) {
        if (facts.view()) {
            return DoctorCheck.notChecked("key", facts.name() + " is a view: make sure that " + names + " is unique");
        }
        if (facts.isUnique(key)) {
            return DoctorCheck.ok("key", names + " is unique by a primary key or unique index");
        }
        String primary = facts.primaryKey().isEmpty()
                ? "CREATE UNIQUE INDEX ON " + facts.name() + " (" + names + "), or name unique columns in key"
                : "add the primary key to it, key: " + names + "," + String.join(",", facts.primaryKey())
                        + ", with an index on these columns";
        return DoctorCheck.failed(
                "key", names + " is not unique: rows that share a key at the end of a page would be skipped", primary);
    }

    private DoctorCheck nulls(String table, TableFacts facts) throws SQLException {
        List<String> nullable = key.stream()
                .filter(part -> facts.column(part).orElseThrow().nullable())
                .toList();
        if (nullable.isEmpty()) {
            return DoctorCheck.ok("NULL keys", names + " can not be NULL");
        }
        String list = String.join(", ", nullable);
        if (hasNull(table, nullable)) {
            return DoctorCheck.failed(
                    "NULL keys",
                    "there are rows whose " + list + " is NULL: they are never read",
                    "give them a key, then make the column NOT NULL");
        }
        return facts.view()
                ? DoctorCheck.warning(
                        "NULL keys",
                        "a view does not say whether " + list + " can be NULL; no row has it now",
                        "filter such rows in the view")
                : DoctorCheck.failed(
                        "NULL keys",
                        list + " may be NULL: no row has it now, the first one would never be read",
                        "make the column NOT NULL");
    }

    private boolean hasNull(String table, List<String> nullable) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        String sql = "SELECT 1 FROM " + dialect.quote(table) + " WHERE "
                + nullable.stream()
                        .map(column -> dialect.quote(column) + " IS NULL")
                        .collect(Collectors.joining(" OR "));
        try (Statement statement = connection.createStatement()) {
            statement.setMaxRows(1);
            statement.setQueryTimeout(30);
            try (ResultSet rows = statement.executeQuery(sql)) {
                return rows.next();
            }
        }
    }
}
