package dev.drover.consistency;

import static dev.drover.config.Doubt.doubt;

import dev.drover.config.ClaimOptions;
import dev.drover.config.Doubt;
import dev.drover.config.PagesConfig;
import dev.drover.sql.Dialect;
import dev.drover.sql.Query;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Checks in the catalog that rows can be claimed. The claim table needs the columns of a claim. Their times must not
 * depend on the time zone of a session. Its key must have the same types as the key of the rows. A claim must not change
 * a column that is delivered. If the claim table is a separate table, the source table must show when a row is gone.
 *
 * @param read the source table
 * @param claims the claim table; the source table unless the user names another one
 * @param key the key columns
 * @param own whether the claim table is a separate table
 */
record ClaimFacts(TableFacts read, TableFacts claims, List<String> key, boolean own) {

    private static final List<String> TIMES = List.of("claimed_until", "settled_at");

    /** The kinds of table whose rows are visible to every reader until they are deleted. */
    private static final Set<TableFacts.Kind> WHOLE = Set.of(
            TableFacts.Kind.TABLE,
            TableFacts.Kind.PARTITIONED,
            TableFacts.Kind.PARENT,
            TableFacts.Kind.SYSTEM_VERSIONED);

    private static final Pattern PARAMETER = Pattern.compile("\\?");

    private static final String CLAIM_COLUMNS = "claim_token|claimed_until|settled_at";

    private static final String POSTGRESQL =
            Inheritance.BELOW.replace("?", "format('%I.%I', CAST(? AS text), CAST(? AS text))")
                    + """
            SELECT 'the trigger ' || g.tgname FROM pg_trigger g
            WHERE g.tgrelid IN (SELECT oid FROM below) AND NOT g.tgisinternal AND g.tgenabled IN ('O', 'A')
                AND g.tgtype & 16 <> 0 AND (g.tgattr::text = '' OR EXISTS (
                    SELECT 1 FROM pg_attribute a WHERE a.attrelid = g.tgrelid AND a.attnum = ANY (g.tgattr)
                    AND a.attname IN ('claim_token', 'claimed_until', 'settled_at')))
            UNION ALL
            SELECT 'the rule ' || r.rulename FROM pg_rewrite r
            WHERE r.ev_class IN (SELECT oid FROM below) AND r.ev_type = '2'
            UNION ALL
            SELECT 'the generated column ' || a.attname FROM pg_attribute a
            JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid IN (SELECT oid FROM below) AND a.attgenerated <> ''
                AND pg_get_expr(d.adbin, d.adrelid) ~ '%s'
            """
                            .formatted(CLAIM_COLUMNS);

    private static final String MARIADB =
            """
            SELECT CONCAT('the column ', COLUMN_NAME, ', which has ON UPDATE') FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND EXTRA LIKE '%%on update%%'
            UNION ALL
            SELECT CONCAT('the generated column ', COLUMN_NAME) FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND GENERATION_EXPRESSION REGEXP '%s'
            UNION ALL
            SELECT CONCAT('the trigger ', TRIGGER_NAME) FROM information_schema.TRIGGERS
            WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? AND EVENT_MANIPULATION = 'UPDATE'
            """
                    .formatted(CLAIM_COLUMNS);

    /** MariaDB shows triggers only with this privilege. */
    private static final String SEES_TRIGGERS =
            """
            SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = 'TRIGGER'
            UNION ALL SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES
            WHERE PRIVILEGE_TYPE = 'TRIGGER' AND ? LIKE TABLE_SCHEMA AND ? <> ''
            UNION ALL SELECT 1 FROM information_schema.TABLE_PRIVILEGES
            WHERE PRIVILEGE_TYPE = 'TRIGGER' AND TABLE_SCHEMA = ? AND TABLE_NAME = ?
            """;

    private static final String H2 =
            """
            SELECT 'the column ' || COLUMN_NAME || ', which has ON UPDATE' FROM INFORMATION_SCHEMA.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_ON_UPDATE IS NOT NULL
            UNION ALL
            SELECT 'the generated column ' || COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND REGEXP_LIKE(GENERATION_EXPRESSION, '%s', 'i')
            UNION ALL
            SELECT 'the trigger ' || TRIGGER_NAME FROM INFORMATION_SCHEMA.TRIGGERS
            WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? AND EVENT_MANIPULATION LIKE '%%UPDATE%%'
            """
                    .formatted(CLAIM_COLUMNS);

    /**
     * The first doubt, as a sentence that begins with the mode; empty if rows can be claimed.
     *
     * @param table the source table
     */
    static Optional<Doubt> wrong(Connection connection, String table, PagesConfig config) throws SQLException {
        ClaimOptions options = config.claims();
        Dialect dialect = Dialect.of(connection);
        Optional<TableFacts> read = TableFacts.of(connection, table);
        Optional<TableFacts> claims = TableFacts.of(connection, options.tableOr(table));
        if (read.isEmpty() && options.table() != null) {
            return doubtful(table, "no table that the catalog shows");
        }
        if (read.isEmpty()
                || claims.isEmpty()
                || ClaimTable.COLUMNS.stream()
                        .anyMatch(column -> claims.get().column(column).isEmpty())) {
            return Optional.empty(); // missing columns are a premise of the proof
        }
        return new ClaimFacts(read.get(), claims.get(), config.key(), options.table() != null)
                .wrong(connection, dialect);
    }

    private Optional<Doubt> wrong(Connection connection, Dialect dialect) throws SQLException {
        if (own && read.fullName().equals(claims.fullName())) {
            return doubt("has the claims in the table that is read", "leave claimTable out");
        }
        Optional<String> hiding = own ? hiding(connection, dialect) : Optional.empty();
        if (hiding.isPresent()) {
            return doubtful(read.fullName(), hiding.get());
        }
        for (String part : key) {
            Optional<Doubt> other = own ? otherType(part) : Optional.empty();
            if (other.isPresent()) {
                return other;
            }
        }
        for (String column : ClaimTable.COLUMNS) {
            if (!claims.column(column).orElseThrow().nullable()) {
                return doubt(
                        "needs " + column + " of " + claims.fullName() + " to be NULL at first", "make it nullable");
            }
        }
        for (String column : TIMES) {
            TableFacts.Column time = claims.column(column).orElseThrow();
            if (!time.vendorType().equals(zoned(dialect))) {
                return doubt(
                        "needs " + column + " of " + claims.fullName() + " to hold points in time, and "
                                + time.declaration() + " means another one in each time zone",
                        "make it " + (dialect == Dialect.MARIADB ? "TIMESTAMP(6) NULL" : "TIMESTAMP WITH TIME ZONE"));
            }
        }
        if (dialect == Dialect.MARIADB
                && first(connection, SEES_TRIGGERS, claims).isEmpty()) {
            return doubt(
                    "needs to see the triggers of " + claims.fullName()
                            + ", which are shown only with the privilege TRIGGER",
                    "GRANT TRIGGER ON " + claims.quoted(dialect) + " to this user");
        }
        return changed(connection, dialect)
                .map(what -> new Doubt(
                        "changes rows by each claim: " + claims.fullName() + " has " + what,
                        own
                                ? "take it away"
                                : "put the claims into a table of their own, with the key and their columns, and set"
                                        + " claimTable"));
    }

    /** The claim of a missing row is settled as gone, so no row may be hidden for a while. */
    private Optional<String> hiding(Connection connection, Dialect dialect) throws SQLException {
        if (!WHOLE.contains(read.kind())) {
            return Optional.of("a " + read.kind().words());
        }
        boolean secured = dialect == Dialect.POSTGRESQL && TableFacts.hasRowSecurity(connection, read.quoted(dialect));
        return secured ? Optional.of("a table with row security for this user") : Optional.empty();
    }

    /** The premise of {@link Proof#CLAIM}: the claim table has the columns of a claim. */
    static Optional<Doubt> columns(Subject claims) throws SQLException {
        Set<String> missing = new TreeSet<>(ClaimTable.COLUMNS);
        try (Statement statement = claims.connection().createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + claims.quoted() + " WHERE 1 = 0")) {
            for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
                missing.remove(none.getMetaData().getColumnLabel(column).toLowerCase(Locale.ROOT));
            }
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("42")) {
                throw e;
            } // the table does not exist, or this user may not read it
        }
        return missing.isEmpty()
                ? Optional.empty()
                : doubt(
                        claims.table() + " has no " + String.join(", ", missing),
                        "add the columns as consistency.md shows, or name a table that has them in claimTable");
    }

    private static Optional<Doubt> doubtful(String table, String what) {
        return doubt(
                "needs a table that shows when a row is gone, and " + table + " is " + what
                        + ", which may show a row later",
                "name the table that has the rows");
    }

    /** Under another type or collation, a key may have another text or equal the keys of other rows. */
    private Optional<Doubt> otherType(String part) {
        Optional<TableFacts.Column> row = read.column(part);
        Optional<TableFacts.Column> claim = claims.column(part);
        if (row.isEmpty() || claim.isEmpty()) {
            return doubt(
                    "needs the key column " + part + " in " + claims.fullName() + " and in " + read.fullName(), "");
        }
        return type(row.get()).equals(type(claim.get()))
                ? Optional.empty()
                : doubt(
                        "compares keys of two types: " + part + " is " + type(row.get()) + " in " + read.fullName()
                                + " and " + type(claim.get()) + " in " + claims.fullName(),
                        "make it " + type(row.get()) + " there too");
    }

    private static String type(TableFacts.Column column) {
        return column.declaration() + (column.collation() == null ? "" : " collate " + column.collation());
    }

    private static String zoned(Dialect dialect) {
        return switch (dialect) {
            case POSTGRESQL -> "timestamptz";
            case MARIADB -> "timestamp";
            case H2, STANDARD -> "timestamp with time zone";
        };
    }

    /** The side effect that an update of a claim has; empty if it has none. */
    private Optional<String> changed(Connection connection, Dialect dialect) throws SQLException {
        if (claims.kind().provesNothing() || claims.kind() == TableFacts.Kind.SYSTEM_VERSIONED) {
            return Optional.of("versions or triggers that the catalog does not tell, as it is a "
                    + claims.kind().words());
        }
        String sql =
                switch (dialect) {
                    case POSTGRESQL -> POSTGRESQL;
                    case MARIADB -> MARIADB;
                    case H2 -> H2;
                    case STANDARD -> "";
                };
        return sql.isEmpty() ? Optional.empty() : first(connection, sql, claims);
    }

    /** Binds the schema and the name of the table in turn, to as many parameters as the SQL has. */
    private static Optional<String> first(Connection connection, String sql, TableFacts table) throws SQLException {
        String[] parameters = IntStream.range(0, PARAMETER.split(sql, -1).length - 1)
                .mapToObj(index -> index % 2 == 0 ? table.schema() : table.name())
                .toArray(String[]::new);
        return Query.first(connection, sql, row -> row.getString(1), parameters);
    }
}
