package dev.drover.preflight;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the database's catalogue says of a table.
 *
 * @param name the table's name as the catalogue has it
 * @param view whether it is a view, of which nothing is known about keys and NULL
 * @param columns its columns, in order
 * @param primaryKey the columns of the primary key in key order; none if it has none
 * @param uniqueIndexes the columns of each unique index that covers all rows
 */
record TableFacts(
        String name, boolean view, List<Column> columns, List<String> primaryKey, List<List<String>> uniqueIndexes) {

    /**
     * A column.
     *
     * @param jdbcType of {@link java.sql.Types}
     * @param vendorType the database's own name of the type
     * @param nullable whether it may be NULL, or this is not known
     */
    record Column(String name, int jdbcType, String vendorType, boolean nullable) {}

    /** The facts of a table, named with or without its schema; empty if there is none of this name. */
    static Optional<TableFacts> of(Connection connection, String table) throws SQLException {
        int dot = table.lastIndexOf('.');
        String schema = dot < 0 ? null : table.substring(0, dot);
        for (String name : spellings(table.substring(dot + 1))) {
            for (@Nullable String where : schemas(connection, schema)) {
                Optional<TableFacts> found = find(connection, where, name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    Optional<Column> column(String column) {
        return columns.stream()
                .filter(known -> known.name().equalsIgnoreCase(column))
                .findFirst();
    }

    /** Whether no two rows can have the same key: it contains all columns of a primary key or a unique index. */
    boolean isUnique(Collection<String> key) {
        return (!primaryKey.isEmpty() && covers(key, primaryKey))
                || uniqueIndexes.stream().anyMatch(index -> covers(key, index));
    }

    private static boolean covers(Collection<String> key, List<String> index) {
        return index.stream().allMatch(column -> key.stream().anyMatch(column::equalsIgnoreCase));
    }

    private static Collection<String> spellings(String name) {
        return new LinkedHashSet<>(List.of(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)));
    }

    private static List<@Nullable String> schemas(Connection connection, @Nullable String given) throws SQLException {
        List<@Nullable String> schemas = new ArrayList<>();
        if (given != null) {
            schemas.addAll(spellings(given));
        } else {
            schemas.add(connection.getSchema());
            schemas.add(null);
        }
        return schemas;
    }

    private static Optional<TableFacts> find(Connection connection, @Nullable String schema, String name)
            throws SQLException {
        DatabaseMetaData catalogue = connection.getMetaData();
        boolean catalogues = !catalogue.supportsSchemasInTableDefinitions();
        String within = catalogues && schema != null ? schema : connection.getCatalog();
        String pattern = catalogues ? null : literal(catalogue, schema);
        try (ResultSet tables = catalogue.getTables(within, pattern, literal(catalogue, name), null)) {
            while (tables.next()) {
                String type = tables.getString("TABLE_TYPE");
                if (type != null && (type.contains("TABLE") || type.contains("VIEW"))) {
                    return Optional.of(
                            read(catalogue, within, tables.getString("TABLE_SCHEM"), name, type.contains("VIEW")));
                }
            }
        }
        return Optional.empty();
    }

    private static TableFacts read(
            DatabaseMetaData catalogue, @Nullable String within, @Nullable String schema, String name, boolean view)
            throws SQLException {
        return new TableFacts(
                name,
                view,
                columns(catalogue, within, schema, name),
                primaryKey(catalogue, within, schema, name),
                view ? List.of() : uniqueIndexes(catalogue, within, schema, name));
    }

    private static List<Column> columns(
            DatabaseMetaData catalogue, @Nullable String within, @Nullable String schema, String name)
            throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (ResultSet rows =
                catalogue.getColumns(within, literal(catalogue, schema), literal(catalogue, name), null)) {
            while (rows.next()) {
                columns.add(new Column(
                        rows.getString("COLUMN_NAME"),
                        rows.getInt("DATA_TYPE"),
                        rows.getString("TYPE_NAME"),
                        rows.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls));
            }
        }
        return columns;
    }

    private static List<String> primaryKey(
            DatabaseMetaData catalogue, @Nullable String within, @Nullable String schema, String name)
            throws SQLException {
        Map<Integer, String> inOrder = new TreeMap<>();
        try (ResultSet rows = catalogue.getPrimaryKeys(within, schema, name)) {
            while (rows.next()) {
                inOrder.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(inOrder.values());
    }

    /** An index of only some rows, or of an expression, makes no column unique. */
    private static List<List<String>> uniqueIndexes(
            DatabaseMetaData catalogue, @Nullable String within, @Nullable String schema, String name)
            throws SQLException {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        try (ResultSet rows = catalogue.getIndexInfo(within, schema, name, true, true)) {
            while (rows.next()) {
                String index = rows.getString("INDEX_NAME");
                if (index != null && rows.getString("FILTER_CONDITION") == null) {
                    byName.computeIfAbsent(index, none -> new ArrayList<>())
                            .add(String.valueOf(rows.getString("COLUMN_NAME")));
                }
            }
        }
        return List.copyOf(byName.values());
    }

    /** In a pattern of the catalogue {@code _} stands for any character. */
    private static @Nullable String literal(DatabaseMetaData catalogue, @Nullable String name) throws SQLException {
        String escape = catalogue.getSearchStringEscape();
        return name == null ? null : name.replace("_", escape + "_").replace("%", escape + "%");
    }
}
