package dev.drover.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The facts of the catalog about a relation. Without a schema, a name is looked up by the search path (PostgreSQL), in
 * the current schema (H2) or in the current database (MariaDB). Immutable.
 *
 * @param schema the schema in the catalog; empty if the engine has none
 * @param name the name in the catalog
 * @param columns the columns, in order
 * @param keys the primary key, if there is one, and the unique indexes, including those that prove nothing
 */
public record TableFacts(String schema, String name, Kind kind, List<Column> columns, List<UniqueKey> keys) {

    private static final Pattern OWN = Pattern.compile(
            "(?i)(information_schema|pg_catalog|mysql|performance_schema|sys)\\..*|.*\\.(drover|flyway)_.*");

    private static final String ROW_SECURITY = "SELECT 1 WHERE row_security_active(CAST(? AS regclass))";

    private static final String CHILDREN =
            """
            SELECT n.nspname || '.' || c.relname FROM pg_inherits i
            JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            """;

    /**
     * The tables that the user may see, with their schemas, sorted. Those of Drover, change logs, those of the engine, and
     * those whose rows are also rows of a parent, such as partitions, are left out.
     */
    public static SortedSet<String> all(Connection connection) throws SQLException {
        SortedSet<String> found = new TreeSet<>();
        try (ResultSet rows = connection
                .getMetaData()
                .getTables(null, null, "%", new String[] {"TABLE", "BASE TABLE", "PARTITIONED TABLE"})) {
            while (rows.next()) {
                String in = Objects.requireNonNullElse(rows.getString("TABLE_SCHEM"), rows.getString("TABLE_CAT"));
                found.add(in + "." + rows.getString("TABLE_NAME"));
            }
        }
        if (Dialect.of(connection) == Dialect.POSTGRESQL) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(CHILDREN)) {
                while (rows.next()) {
                    found.remove(rows.getString(1));
                }
            }
        }
        Set<String> logs = found.stream().map(table -> table + ChangeLog.SUFFIX).collect(Collectors.toSet());
        found.removeIf(table -> OWN.matcher(table).matches() || logs.contains(table));
        return found;
    }

    public enum Kind {
        TABLE("table"),
        PARTITIONED("partitioned table"),
        PARTITION("partition"),
        /** A table from which others inherit: a query returns their rows too, but no index covers them. */
        PARENT("table of which others inherit"),
        /** Keeps former versions of its rows, which a plain query does not return. */
        SYSTEM_VERSIONED("system-versioned table"),
        /** Visible to one connection only. */
        TEMPORARY("temporary table"),
        /**
         * Its rows are outside the database, where the catalog proves nothing: foreign and linked tables, MariaDB's
         * CONNECT.
         */
        FOREIGN("foreign table"),
        MATERIALIZED_VIEW("materialized view"),
        VIEW("view");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** The name in messages. */
        public String words() {
            return words;
        }

        /** Whether the catalog can never prove a key of this kind. */
        public boolean provesNothing() {
            return this == VIEW || this == FOREIGN;
        }
    }

    /**
     * A column.
     *
     * @param name the name in the catalog
     * @param vendorType the engine's name of the type, in lower case and without a length; for a domain its base type,
     *     and {@code enum} for every enumeration of PostgreSQL
     * @param declaration the declared type: {@code decimal(12,2) unsigned}, or the name of the domain
     * @param nullable whether it may be NULL or this is unknown
     * @param collation the name of the collation of text; null for other types
     */
    public record Column(
            String name, String vendorType, String declaration, boolean nullable, @Nullable String collation) {}

    /**
     * A primary key or a unique index.
     *
     * @param index its name
     * @param primary whether it is the primary key
     * @param columns the columns in order, without included columns and expressions
     * @param flaw why it does not prove that the columns are unique, as a sentence that begins with the index; empty if
     *     it does
     */
    public record UniqueKey(String index, boolean primary, List<String> columns, String flaw) {

        /** Whether the index proves that the columns are unique. */
        public boolean isProven() {
            return flaw.isEmpty();
        }
    }

    /**
     * The facts about a table; empty if no table of this name is visible to the user.
     *
     * @param table with or without its schema; matched in any case, or exactly in double quotes
     * @throws IllegalArgumentException if the name matches several tables that differ only in case
     */
    public static Optional<TableFacts> of(Connection connection, String table) throws SQLException {
        return Catalog.of(connection).find(table);
    }

    /**
     * The column of a name, in any case.
     *
     * @throws IllegalArgumentException if the name matches several columns in another case
     */
    public Optional<Column> column(String name) {
        List<String> names = columns.stream().map(Column::name).toList();
        return Names.choose(new Names.Part(name, false), names, UnaryOperator.identity(), "column")
                .flatMap(chosen -> columns.stream()
                        .filter(known -> known.name().equals(chosen))
                        .findFirst());
    }

    /**
     * Whether row security limits which rows of a table the user of a connection sees. PostgreSQL only.
     *
     * @param quoted the name of the table in SQL
     */
    public static boolean hasRowSecurity(Connection connection, String quoted) throws SQLException {
        return Query.first(connection, ROW_SECURITY, row -> true, quoted).isPresent();
    }

    /** The columns of the proven primary key, in order; empty if there is none. */
    public List<String> primaryKey() {
        return keys.stream()
                .filter(key -> key.primary() && key.isProven())
                .findFirst()
                .map(UniqueKey::columns)
                .orElse(List.of());
    }

    /** Whether the key is unique, because it contains all columns of a proven primary key or unique index. */
    public boolean isUnique(Collection<String> key) {
        return keys.stream().anyMatch(known -> known.isProven() && covers(key, known));
    }

    /** The unique indexes within the key that prove nothing, with the reason; empty if there is none. */
    public String flaws(Collection<String> key) {
        return keys.stream()
                .filter(known -> !known.isProven() && covers(key, known))
                .map(known -> "the unique index " + known.index() + " " + known.flaw())
                .collect(Collectors.joining(", "));
    }

    /** The quoted name with the schema. */
    public String quoted(Dialect dialect) {
        return (schema.isEmpty() ? "" : dialect.quoteExactly(schema) + ".") + dialect.quoteExactly(name);
    }

    /** The name in messages, with the schema if there is one. */
    public String fullName() {
        return schema.isEmpty() ? name : schema + "." + name;
    }

    private boolean covers(Collection<String> key, UniqueKey known) {
        return known.columns().stream().allMatch(column -> key.stream().anyMatch(part -> column(part)
                .filter(found -> found.name().equals(column))
                .isPresent()));
    }
}
