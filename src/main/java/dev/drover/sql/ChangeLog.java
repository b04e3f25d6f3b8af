package dev.drover.sql;

import dev.drover.config.Doubt;
import dev.drover.ledger.Cursor;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The change log of a table: a table beside it, and the triggers that append the key of each row that was inserted,
 * updated or deleted. What differs between PostgreSQL and MariaDB is here. Immutable.
 *
 * @param dialect the engine
 * @param table the table whose changes are logged
 * @param key the columns by which its rows are found again
 */
public record ChangeLog(Dialect dialect, TableFacts table, List<TableFacts.Column> key) {

    /** The number of a change, which is the key of the log. */
    public static final String ID = Cursor.CHANGE_ID;

    /** What the change was: {@code insert}, {@code update}, {@code delete}, or one of the others here. */
    public static final String OPERATION = "change_operation";

    /** The row before the change, which only the log of a database has. */
    public static final String BEFORE = "change_before";

    /** When it was appended. */
    public static final String TIME = "change_time";

    /** An operation: the table was emptied without a trigger for each row. */
    public static final String TRUNCATE = "truncate";

    /** An operation: the row was there when a pipeline began. */
    public static final String SNAPSHOT = "snapshot";

    /** An operation: the same, of the last of these rows. */
    public static final String SNAPSHOT_END = "snapshot-end";

    static final String SUFFIX = "_changes";

    /** PostgreSQL cuts longer names. */
    private static final int LONGEST_NAME = 63;

    private static final String POSTGRESQL_TRIGGERS =
            """
            SELECT t.tgname, p.prosrc, t.tgtype, t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr = ''
            FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgrelid = CAST(? AS regclass) AND NOT t.tgisinternal
            """;

    private static final String MARIADB_TRIGGERS =
            """
            SELECT TRIGGER_NAME, ACTION_STATEMENT, CONCAT(ACTION_TIMING, ' ', EVENT_MANIPULATION), TRUE
            FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?
            """;

    private static final String MARIADB_CASCADES =
            """
            SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
            WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?
            AND (DELETE_RULE NOT IN ('RESTRICT', 'NO ACTION') OR UPDATE_RULE NOT IN ('RESTRICT', 'NO ACTION'))
            """;

    /**
     * A trigger of the log.
     *
     * @param name without its schema
     * @param event what it runs after, as the catalog writes it
     * @param action what it does, as the catalog keeps it
     */
    private record Trigger(String name, String event, String action) {}

    /**
     * The log of a table.
     *
     * @param key the columns of its key, as the user names them
     * @throws IllegalArgumentException if the table cannot have one
     */
    public static ChangeLog of(Connection connection, String table, List<String> key) throws SQLException {
        return of(connection, table(connection, table), key);
    }

    /**
     * The facts about a table whose changes can be logged.
     *
     * @throws IllegalArgumentException if there is no such table
     */
    public static TableFacts table(Connection connection, String table) throws SQLException {
        return TableFacts.of(connection, table)
                .orElseThrow(() ->
                        new IllegalArgumentException("the source has no table " + table + " that its user may see"));
    }

    /** The log of a known table. */
    public static ChangeLog of(Connection connection, TableFacts facts, List<String> key) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        if (dialect != Dialect.POSTGRESQL && dialect != Dialect.MARIADB) {
            throw new IllegalArgumentException("changes are logged on PostgreSQL and MariaDB only, and the source is "
                    + connection.getMetaData().getDatabaseProductName());
        }
        if (facts.kind() != TableFacts.Kind.TABLE) {
            throw new IllegalArgumentException(
                    facts.fullName() + " is a " + facts.kind().words()
                            + ", whose changes triggers do not all see; log the changes of a plain table");
        }
        List<TableFacts.Column> columns = new ArrayList<>();
        for (String part : key) {
            columns.add(facts.column(part)
                    .orElseThrow(() -> new IllegalArgumentException(facts.fullName() + " has no column " + part)));
        }
        ChangeLog log = new ChangeLog(dialect, facts, List.copyOf(columns));
        log.requireNames();
        return log;
    }

    private void requireNames() {
        for (TableFacts.Column part : key) {
            if (List.of(ID, OPERATION, TIME, BEFORE).contains(part.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(table.fullName() + " has the key column " + part.name()
                        + ", a name that its change log needs itself; rename it");
            }
        }
        String longest = trigger(TRUNCATE);
        if (longest.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException("the name " + longest + " of a trigger would be longer than "
                    + LONGEST_NAME + " bytes; give " + table.name() + " a shorter name");
        }
    }

    /** The name of the log, as the user names the table: {@code sales.orders_changes}. */
    public static String nameOf(String table) {
        char end = table.isEmpty() ? ' ' : table.charAt(table.length() - 1);
        return end == '"' || end == '`' ? table.substring(0, table.length() - 1) + SUFFIX + end : table + SUFFIX;
    }

    /** The log, with its schema and quoted. */
    public String quoted() {
        return quoted(table.name() + SUFFIX);
    }

    private String quoted(String name) {
        return (table.schema().isEmpty() ? "" : dialect.quoteExactly(table.schema()) + ".")
                + dialect.quoteExactly(name);
    }

    private String trigger(String event) {
        return table.name() + SUFFIX + "_" + event;
    }

    private String keys(String before) {
        return key.stream()
                .map(part -> before + dialect.quoteExactly(part.name()))
                .collect(Collectors.joining(", "));
    }

    private String append(String operation, String row) {
        return "INSERT INTO " + quoted() + " (" + OPERATION + ", " + keys("") + ") VALUES (" + operation + ", "
                + keys(row) + ")";
    }

    /** Appends a change of each key by one statement; the last one may have an operation of its own. */
    public void append(Connection connection, List<Cursor> keys, String operation, String last) throws SQLException {
        String row = "(?" + ", ?".repeat(key.size()) + ")";
        String sql = "INSERT INTO " + quoted() + " (" + OPERATION + ", " + keys("") + ") VALUES "
                + String.join(", ", Collections.nCopies(keys.size(), row));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (int i = 0; i < keys.size(); i++) {
                statement.setString(parameter++, i == keys.size() - 1 ? last : operation);
                for (Object value : keys.get(i).values()) {
                    dialect.bind(statement, parameter++, value);
                }
            }
            statement.executeUpdate();
        }
    }

    /** Finds the operation and the key of the last row that a snapshot has appended. */
    public String lastOfSnapshot() {
        return "SELECT " + OPERATION + ", " + keys("") + " FROM " + quoted() + " WHERE " + OPERATION + " IN ('"
                + SNAPSHOT + "', '" + SNAPSHOT_END + "') ORDER BY " + ID + " DESC LIMIT 1";
    }

    /** Finds the first changes, at most so many, and whether each is older than so many seconds. */
    public String first() {
        String old = dialect == Dialect.POSTGRESQL
                ? "clock_timestamp() - ? * interval '1 second'"
                : "CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND";
        return "SELECT " + ID + ", " + TIME + " < " + old + " FROM " + quoted() + " ORDER BY " + ID + " LIMIT ?";
    }

    /** Deletes the changes up to one, and that one. */
    public String deleteUpTo() {
        return "DELETE FROM " + quoted() + " WHERE " + ID + " <= ?";
    }

    /**
     * The statements that make the log. Its numbers begin where those of an earlier log of this table cannot have ended,
     * so that a checkpoint in that one is noticed.
     *
     * @param first the number of the first change
     */
    public List<String> create(long first) {
        return dialect == Dialect.POSTGRESQL ? createOnPostgres(first) : createOnMariaDb(first);
    }

    private List<String> createOnPostgres(long first) {
        String on = " ON " + table.quoted(dialect);
        List<String> statements = new ArrayList<>(List.of(
                "BEGIN",
                "SET LOCAL lock_timeout = '10s'",
                "CREATE TABLE " + quoted() + " (" + ID + " bigint GENERATED ALWAYS AS IDENTITY (START WITH " + first
                        + ") PRIMARY KEY, " + OPERATION + " text NOT NULL, " + TIME
                        + " timestamptz NOT NULL DEFAULT clock_timestamp(), " + columns() + ")",
                "CREATE FUNCTION " + quoted() + "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
                        + " SET search_path = pg_catalog AS $change$" + function() + "$change$",
                "CREATE TRIGGER " + dialect.quoteExactly(trigger("rows")) + " AFTER INSERT OR UPDATE OR DELETE" + on
                        + " FOR EACH ROW EXECUTE FUNCTION " + quoted() + "()",
                "CREATE TRIGGER " + dialect.quoteExactly(trigger(TRUNCATE)) + " AFTER TRUNCATE" + on
                        + " FOR EACH STATEMENT EXECUTE FUNCTION " + quoted() + "()"));
        triggers().stream()
                .map(trigger -> "ALTER TABLE " + table.quoted(dialect) + " ENABLE ALWAYS TRIGGER "
                        + dialect.quoteExactly(trigger.name()))
                .forEach(statements::add);
        statements.add("COMMIT");
        return List.copyOf(statements);
    }

    /** The text of a key is compared, since equal values such as 1.0 and 1.00 are different keys to a receiver. */
    private String function() {
        return """

                BEGIN
                  IF TG_OP = 'TRUNCATE' THEN
                    INSERT INTO %s (%s) VALUES ('truncate');
                    RETURN NULL;
                  END IF;
                  IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND ROW(%s)::text <> ROW(%s)::text THEN
                    %s;
                  END IF;
                  IF TG_OP <> 'DELETE' THEN
                    %s;
                  END IF;
                  RETURN NULL;
                END
                """
                .formatted(
                        quoted(),
                        OPERATION,
                        keys("OLD."),
                        keys("NEW."),
                        append("'delete'", "OLD."),
                        append("lower(TG_OP)", "NEW."));
    }

    private List<String> createOnMariaDb(long first) {
        List<String> statements = new ArrayList<>(List.of(
                "SET SESSION lock_wait_timeout = 10",
                "CREATE TABLE " + quoted() + " (" + ID + " BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, " + OPERATION
                        + " VARCHAR(20) NOT NULL, " + TIME
                        + " TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), " + columns()
                        + ") ENGINE = InnoDB AUTO_INCREMENT = " + first));
        triggers().stream()
                .map(trigger -> "CREATE TRIGGER " + quoted(trigger.name()) + " " + trigger.event() + " ON "
                        + table.quoted(dialect) + " FOR EACH ROW " + trigger.action())
                .forEach(statements::add);
        return List.copyOf(statements);
    }

    private String changedKey() {
        return key.stream()
                .map(part -> dialect.quoteExactly(part.name()))
                .map(part -> "NOT (BINARY OLD." + part + " <=> BINARY NEW." + part + ")")
                .collect(Collectors.joining(" OR "));
    }

    private String columns() {
        return key.stream()
                .map(part -> dialect.quoteExactly(part.name()) + " " + part.declaration()
                        + (part.collation() == null || dialect == Dialect.POSTGRESQL
                                ? ""
                                : " COLLATE " + part.collation())
                        + " NULL") // a TRUNCATE has no key
                .collect(Collectors.joining(", "));
    }

    /** Those that must be there. PostgreSQL says what they run after as bits. */
    private List<Trigger> triggers() {
        return dialect == Dialect.POSTGRESQL
                ? List.of(
                        new Trigger(trigger("rows"), "29", function()),
                        new Trigger(trigger(TRUNCATE), "32", function()))
                : List.of(
                        new Trigger(trigger("insert"), "AFTER INSERT", append("'insert'", "NEW.")),
                        new Trigger(trigger("delete"), "AFTER DELETE", append("'delete'", "OLD.")),
                        new Trigger(
                                trigger("update"),
                                "AFTER UPDATE",
                                "BEGIN IF " + changedKey() + " THEN " + append("'delete'", "OLD.") + "; END IF; "
                                        + append("'update'", "NEW.") + "; END"));
    }

    /** The statements that remove the log and its triggers, as far as they are there. */
    public List<String> drop() {
        String on = dialect == Dialect.POSTGRESQL ? " ON " + table.quoted(dialect) : "";
        Stream<String> triggers = triggers().stream()
                .map(Trigger::name)
                .map(name -> "DROP TRIGGER IF EXISTS "
                        + (dialect == Dialect.POSTGRESQL ? dialect.quoteExactly(name) : quoted(name)) + on);
        Stream<String> function = dialect == Dialect.POSTGRESQL
                ? Stream.of("DROP FUNCTION IF EXISTS " + quoted() + "()")
                : Stream.empty();
        return Stream.concat(Stream.concat(triggers, function), Stream.of("DROP TABLE IF EXISTS " + quoted()))
                .toList();
    }

    /** Why changes may be missed; empty if the log and all of its triggers are there and at work. */
    public Optional<Doubt> doubt(Connection connection) throws SQLException {
        Optional<TableFacts> log = TableFacts.of(connection, quoted());
        String recreate = "drover changes drop " + table.name() + " --apply, drover changes create " + table.name()
                + " --apply, then drover checkpoint reset NAME of each pipeline that reads it";
        if (log.isEmpty()) {
            return Optional.of(new Doubt(
                    table.fullName() + " has no change log that this user may see",
                    "drover changes create " + table.name() + " --apply"));
        }
        List<String> columns = new ArrayList<>(List.of(ID, OPERATION, TIME));
        key.forEach(part -> columns.add(part.name()));
        List<String> found =
                log.get().columns().stream().map(TableFacts.Column::name).toList();
        if (!found.equals(columns)) {
            return Optional.of(new Doubt(
                    "the change log of " + table.fullName() + " has the columns " + String.join(", ", found)
                            + ", and the key needs " + String.join(", ", columns),
                    "set key to the columns of the log, or " + recreate));
        }
        Map<String, Trigger> there = working(connection);
        for (Trigger trigger : triggers()) {
            if (!trigger.equals(there.get(trigger.name()))) {
                return Optional.of(new Doubt(
                        "the trigger " + trigger.name() + " of " + table.fullName()
                                + " is disabled, changed, dropped or not to be seen by this user: changes may be missing",
                        recreate));
            }
        }
        return cascade(connection);
    }

    /** Why rows of the table may look deleted to this user, or be left out of the snapshot; empty if all are visible. */
    public Optional<Doubt> hidden(Connection connection) throws SQLException {
        return dialect == Dialect.POSTGRESQL && TableFacts.hasRowSecurity(connection, table.quoted(dialect))
                ? Optional.of(new Doubt(
                        "row security limits which rows of " + table.fullName()
                                + " this user sees: a hidden row would be left out, or sent as deleted",
                        "read with a user that has BYPASSRLS"))
                : Optional.empty();
    }

    private Map<String, Trigger> working(Connection connection) throws SQLException {
        boolean postgres = dialect == Dialect.POSTGRESQL;
        String[] of = postgres ? new String[] {table.quoted(dialect)} : new String[] {table.schema(), table.name()};
        Map<String, Trigger> working = new HashMap<>();
        Query.all(connection, postgres ? POSTGRESQL_TRIGGERS : MARIADB_TRIGGERS, ChangeLog::working, of)
                .forEach(trigger -> trigger.ifPresent(found -> working.put(found.name(), found)));
        return working;
    }

    /** The trigger of a row of the catalog; empty if it does not run for every change. */
    private static Optional<Trigger> working(ResultSet row) throws SQLException {
        return row.getBoolean(4)
                ? Optional.of(new Trigger(row.getString(1), row.getString(3), row.getString(2)))
                : Optional.empty();
    }

    /** A foreign key that changes or deletes rows, for which MariaDB runs no trigger; empty if there is none. */
    public Optional<Doubt> cascade(Connection connection) throws SQLException {
        if (dialect == Dialect.POSTGRESQL) {
            return Optional.empty();
        }
        return Query.first(connection, MARIADB_CASCADES, row -> row.getString(1), table.schema(), table.name())
                .map(name -> new Doubt(
                        "the foreign key " + name + " changes rows of " + table.fullName()
                                + " by itself, and MariaDB runs no trigger for them",
                        "make it ON DELETE RESTRICT ON UPDATE RESTRICT, and change these rows by statements"));
    }
}
