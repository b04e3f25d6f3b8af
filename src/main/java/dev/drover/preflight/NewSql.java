package dev.drover.preflight;

import dev.drover.pages.Dialect;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The SQL of a read step, written as a person would: every column in sight, quotes only where they are needed. */
final class NewSql {

    private static final Set<String> RESERVED = Set.of(
            ("all and any array as asc between both by case cast check collate column condition constraint create cross"
                            + " current_date current_role current_time current_timestamp current_user database day"
                            + " default delete desc describe distinct drop each else end except exists explain false"
                            + " fetch for foreign from full function grant group groups having hour if in index inner"
                            + " insert intersect interval into is join key keys kill lateral leading left like limit"
                            + " localtime localtimestamp lock minute month natural not null of offset on option or"
                            + " order outer over partition primary procedure range rank read references returning"
                            + " right row rows schema second select session_user set show some symmetric system_user"
                            + " table then to trailing trigger true union unique update usage user using value values"
                            + " view when where window with write year")
                    .split(" "));

    private final DatabaseMetaData catalogue;
    private final Dialect dialect;

    NewSql(Connection connection) throws SQLException {
        this.catalogue = connection.getMetaData();
        this.dialect = Dialect.of(connection);
    }

    /** The query of a page: after the cursor, and no further than where no row can be committed late. */
    String page(String table, List<String> columns, NewKey key) throws SQLException {
        return "SELECT " + names(columns) + " FROM " + table(table) + " WHERE "
                + (key.beginsWithTransaction() ? ended(key.columns()) : between(key.columns()))
                + " ORDER BY " + names(key.columns()) + " "
                + dialect.limit().replace("?", ":#${variable.pageSize}");
    }

    /** The query of the least value of a column. */
    String least(String table, String column) throws SQLException {
        return "SELECT MIN(" + name(column) + ") FROM " + table(table);
    }

    private String between(List<String> key) throws SQLException {
        return compared(key, ">", "after") + " AND " + compared(key, "<=", "upTo");
    }

    /** Below the oldest open transaction nothing is committed any more; the cursor is text, which only a cast allows. */
    private String ended(List<String> key) throws SQLException {
        String after = compared(key, ">", "after");
        String first = variable(key, "after", key.get(0));
        return after.replace(first, "CAST(" + first + " AS xid8)") + " AND " + name(key.get(0))
                + " < pg_snapshot_xmin(pg_current_snapshot())";
    }

    /** Compares the key with a cursor: {@code >} or {@code <=}. */
    private String compared(List<String> key, String operator, String cursor) throws SQLException {
        if (key.size() == 1) {
            return name(key.get(0)) + " " + operator + " " + variable(key, cursor, key.get(0));
        }
        if (dialect.rowValues()) {
            return "(" + names(key) + ") " + operator + " ("
                    + key.stream().map(part -> variable(key, cursor, part)).collect(Collectors.joining(", ")) + ")";
        }
        // what the first condition says is said again behind it; without it engines read the index from its start
        String first = key.get(0);
        return name(first) + " " + operator.charAt(0) + "= " + variable(key, cursor, first) + " AND "
                + compared(key, operator, cursor, 0);
    }

    private String compared(List<String> key, String operator, String cursor, int part) throws SQLException {
        String name = name(key.get(part));
        String value = variable(key, cursor, key.get(part));
        if (part == key.size() - 1) {
            return name + " " + operator + " " + value;
        }
        return "(" + name + " " + operator.charAt(0) + " " + value + " OR (" + name + " = " + value + " AND "
                + compared(key, operator, cursor, part + 1) + "))";
    }

    private static String variable(List<String> key, String cursor, String column) {
        return ":#${variable." + cursor + (key.size() == 1 ? "" : "[" + column + "]") + "}";
    }

    private String names(List<String> columns) throws SQLException {
        StringBuilder names = new StringBuilder();
        for (String column : columns) {
            names.append(names.isEmpty() ? "" : ", ").append(name(column));
        }
        return names.toString();
    }

    private String table(String table) throws SQLException {
        int dot = table.lastIndexOf('.');
        return dot < 0 ? name(table) : name(table.substring(0, dot)) + "." + name(table.substring(dot + 1));
    }

    /** A name as the catalogue has it. */
    private String name(String name) throws SQLException {
        String mark = catalogue.getIdentifierQuoteString();
        return isPlain(name) ? name : mark + name.replace(mark, mark + mark) + mark;
    }

    private boolean isPlain(String name) throws SQLException {
        String form = catalogue.storesLowerCaseIdentifiers()
                ? "[a-z_][a-z0-9_]*"
                : catalogue.storesUpperCaseIdentifiers() ? "[A-Z_][A-Z0-9_]*" : "[A-Za-z_][A-Za-z0-9_]*";
        return name.matches(form) && !RESERVED.contains(name.toLowerCase(Locale.ROOT));
    }
}
