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

    /** The query of a page after the cursor. */
    String page(String table, List<String> columns, List<String> key) throws SQLException {
        return "SELECT " + names(columns) + " FROM " + table(table) + " WHERE " + after(key) + " ORDER BY " + names(key)
                + " " + dialect.limit().replace("?", ":#${variable.pageSize}");
    }

    /** The query of the least value of a column. */
    String least(String table, String column) throws SQLException {
        return "SELECT MIN(" + name(column) + ") FROM " + table(table);
    }

    private String after(List<String> key) throws SQLException {
        if (key.size() == 1) {
            return name(key.get(0)) + " > :#${variable.after}";
        }
        if (dialect.rowValues()) {
            return "(" + names(key) + ") > (" + key.stream().map(NewSql::cursor).collect(Collectors.joining(", "))
                    + ")";
        }
        // what the first condition says is said again behind it; without it engines read the index from its start
        String first = key.get(0);
        return name(first) + " >= " + cursor(first) + " AND " + after(key, 0);
    }

    private String after(List<String> key, int part) throws SQLException {
        String column = key.get(part);
        String greater = name(column) + " > " + cursor(column);
        if (part == key.size() - 1) {
            return greater;
        }
        return "(" + greater + " OR (" + name(column) + " = " + cursor(column) + " AND " + after(key, part + 1) + "))";
    }

    private static String cursor(String column) {
        return ":#${variable.after[" + column + "]}";
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
