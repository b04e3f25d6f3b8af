package dev.drover.sql;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The sequence or identity that generates the keys of a table with one key column.
 *
 * @param identity changes when a PostgreSQL sequence is restarted; constant for other databases
 * @param next the lowest key that a new row can get
 */
public record KeyGenerator(String identity, BigDecimal next) {

    private static final String POSTGRESQL =
            """
            SELECT CAST(CAST(s.oid AS regclass) AS text), CAST(pg_relation_filenode(s.oid) AS text)
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            JOIN pg_class s ON s.relkind = 'S' AND has_table_privilege(s.oid, 'SELECT') AND s.oid IN (
              SELECT objid FROM pg_depend WHERE classid = CAST('pg_class' AS regclass) AND deptype = 'i'
                AND refclassid = classid AND refobjid = a.attrelid AND refobjsubid = a.attnum
              UNION SELECT refobjid FROM pg_depend WHERE classid = CAST('pg_attrdef' AS regclass) AND objid = d.oid
                AND refclassid = CAST('pg_class' AS regclass)
                AND pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(''%''::regclass)')
            WHERE a.attrelid = CAST(? AS regclass) AND lower(a.attname) = lower(?) AND NOT a.attisdropped
            """;

    private static final String MARIADB =
            """
            SELECT t.AUTO_INCREMENT FROM information_schema.TABLES t JOIN information_schema.COLUMNS c
              ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
            WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ? AND c.COLUMN_NAME = ? AND c.EXTRA LIKE '%auto_increment%'
            """;

    private static final String H2 =
            """
            SELECT IDENTITY_BASE FROM INFORMATION_SCHEMA.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND LOWER(COLUMN_NAME) = LOWER(?) AND IS_IDENTITY = 'YES'
            """;

    /** Looks it up; empty if there is none or this user may not see it. */
    public static Optional<KeyGenerator> of(Connection connection, String table, List<String> key) throws SQLException {
        if (key.size() != 1) {
            return Optional.empty();
        }
        Dialect dialect = Dialect.of(connection);
        String column = key.get(0);
        return switch (dialect) {
            case POSTGRESQL ->
                ofSequence(connection, Names.of(connection, table).table(), column);
            case MARIADB ->
                // MySQL answers from a cache that may be a day old
                "MariaDB".equals(connection.getMetaData().getDatabaseProductName())
                        ? inCatalog(connection, MARIADB, table, column)
                        : Optional.empty();
            case H2 -> inCatalog(connection, H2, table, column);
            case STANDARD -> Optional.empty();
        };
    }

    private static Optional<KeyGenerator> ofSequence(Connection connection, String table, String column)
            throws SQLException {
        List<String> sequence = Query.first(
                        connection, POSTGRESQL, row -> List.of(row.getString(1), row.getString(2)), table, column)
                .orElse(List.of());
        if (sequence.isEmpty()) {
            return Optional.empty();
        }
        return Query.first(connection, "SELECT last_value, is_called FROM " + sequence.get(0), row -> {
            BigDecimal last = row.getBigDecimal(1);
            return new KeyGenerator(String.join(" ", sequence), row.getBoolean(2) ? last.add(BigDecimal.ONE) : last);
        });
    }

    private static Optional<KeyGenerator> inCatalog(Connection connection, String sql, String table, String column)
            throws SQLException {
        TableFacts facts = Names.of(connection, table).facts().orElse(null);
        return facts == null
                ? Optional.empty()
                : Query.all(connection, sql, row -> row.getBigDecimal(1), facts.schema(), facts.name(), column).stream()
                        .filter(Objects::nonNull)
                        .findFirst()
                        .map(next -> new KeyGenerator("", next));
    }

    /** Whether every new row gets a higher key than this one, which must be a number. */
    public boolean isBeyond(Object key) {
        return key instanceof Number && next.compareTo(new BigDecimal(key.toString())) > 0;
    }
}
