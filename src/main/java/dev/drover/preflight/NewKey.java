package dev.drover.preflight;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key by which a new pipeline reads.
 *
 * @param columns as the catalogue names them, in order
 * @param startAfter a cursor in front of the first row, as the option takes it
 * @param beginsWithTransaction whether the first column holds the number of the transaction that wrote the row
 */
record NewKey(List<String> columns, String startAfter, boolean beginsWithTransaction) {

    /**
     * The wished key, or else the table's own.
     *
     * @throws BadInputException if it is not unique, may be NULL, or can not be written as a cursor, with the reason
     */
    static NewKey of(Connection connection, TableFacts table, String name, List<String> wished) throws SQLException {
        if (table.view()) {
            throw refused(table, "is a view, and nothing says that a key of it is unique; write its route by hand");
        }
        List<TableFacts.Column> columns = new ArrayList<>();
        for (String column : wished.isEmpty() ? own(table) : wished) {
            columns.add(column(table, column));
        }
        List<String> names = columns.stream().map(TableFacts.Column::name).toList();
        if (!table.isUnique(names)) {
            throw refused(
                    table,
                    "has no primary key or unique index within " + String.join(", ", names)
                            + ": rows that share a key would be skipped");
        }
        List<String> literals = new ArrayList<>();
        for (TableFacts.Column column : columns) {
            literals.add(literal(connection, table, name, column, literals.isEmpty()));
        }
        return new NewKey(names, String.join(",", literals), isTransaction(columns.get(0)));
    }

    /** A key that begins with the transaction comes first: read by it, no row that is committed late is missed. */
    private static List<String> own(TableFacts table) {
        List<List<String>> keys = table.uniqueIndexes().stream()
                .filter(index -> index.stream().allMatch(part -> table.column(part)
                        .filter(known -> !known.nullable())
                        .isPresent()))
                .toList();
        Optional<List<String>> byTransaction = keys.stream()
                .filter(index ->
                        table.column(index.get(0)).filter(NewKey::isTransaction).isPresent())
                .findFirst();
        if (byTransaction.isPresent()) {
            return byTransaction.get();
        }
        if (!table.primaryKey().isEmpty()) {
            return table.primaryKey();
        }
        return keys.stream()
                .findFirst()
                .orElseThrow(() -> refused(
                        table,
                        "has no primary key and no unique index whose columns are NOT NULL: without such a key rows"
                                + " would be skipped or read twice"));
    }

    private static boolean isTransaction(TableFacts.Column column) {
        return column.vendorType().equals("xid8");
    }

    private static TableFacts.Column column(TableFacts table, String name) {
        Optional<TableFacts.Column> known = table.column(name);
        if (known.isEmpty()) {
            throw new BadInputException("--key: " + table.name() + " has no column " + name + "; it has "
                    + String.join(
                            ", ",
                            table.columns().stream()
                                    .map(TableFacts.Column::name)
                                    .toList()));
        }
        if (known.get().nullable()) {
            throw refused(table, "may have NULL in the key column " + name + ": such rows would never be read");
        }
        if (!known.get().name().matches("\\w+")) {
            throw refused(table, "has a key column whose name is not plain (" + name + "); write its route by hand");
        }
        return known.get();
    }

    /** Only the first column must be in front of every row; what stands behind it only has to be of the type. */
    private static String literal(
            Connection connection, TableFacts table, String name, TableFacts.Column column, boolean first)
            throws SQLException {
        String type = column.vendorType().toLowerCase(Locale.ROOT);
        if (type.equals("uuid")) {
            return "00000000-0000-0000-0000-000000000000"; // PostgreSQL has no least uuid
        }
        if (first && isTransaction(column)) {
            return "'0'"; // no transaction has it
        }
        String least = first ? least(connection, name, column.name()) : null;
        boolean old = least != null && least.compareTo("1970-01-02") < 0;
        String day = old ? "0001-01-01" : "1970-01-01";
        boolean zoned = column.jdbcType() == Types.TIMESTAMP_WITH_TIMEZONE || type.equals("timestamptz");
        return switch (column.jdbcType()) {
            case Types.BIGINT, Types.INTEGER, Types.SMALLINT, Types.TINYINT, Types.NUMERIC, Types.DECIMAL ->
                least == null || least.matches("0*[1-9][0-9]*(\\.[0-9]+)?") ? "0" : lowest(column);
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR -> "''";
            case Types.DATE -> day;
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> day + "T00:00:00" + (zoned ? "Z" : "");
            default ->
                throw refused(
                        table,
                        "has the key column " + column.name() + " of type " + type
                                + ", which can not be a cursor; allowed are whole numbers, decimals, text, uuid, dates"
                                + " and times of a day");
        };
    }

    private static String lowest(TableFacts.Column column) {
        return switch (column.jdbcType()) {
            case Types.TINYINT, Types.SMALLINT -> "-32768";
            case Types.INTEGER -> "-2147483648";
            default -> "-9223372036854775808";
        };
    }

    private static @Nullable String least(Connection connection, String table, String column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(new NewSql(connection).least(table, column))) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static BadInputException refused(TableFacts table, String why) {
        return new BadInputException("--table: " + table.name() + " " + why);
    }
}
