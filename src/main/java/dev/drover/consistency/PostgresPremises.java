package dev.drover.consistency;

import static dev.drover.config.Doubt.doubt;

import dev.drover.config.Doubt;
import dev.drover.sql.TableFacts;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the premises of a proof in the catalog of PostgreSQL. Each method is one check. */
final class PostgresPremises {

    private static final String RELATION =
            """
            SELECT relkind, relispartition, relpersistence,
              EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = c.oid) AS child,
              EXISTS (SELECT 1 FROM pg_inherits JOIN pg_class k ON k.oid = inhrelid
                WHERE inhparent = c.oid AND NOT k.relispartition) AS parent
            FROM pg_class c WHERE c.oid = CAST(? AS regclass)
            """;

    private static final String KEYS = Inheritance.BELOW
            + """
            SELECT CAST(CAST(below.oid AS regclass) AS text) AS name, below.oid = CAST(? AS regclass) AS root,
              a.attidentity, a.attnotnull, pg_get_expr(d.adbin, d.adrelid) AS expression,
              CAST(CAST(s.seqrelid AS regclass) AS text) AS sequence, s.seqincrement, s.seqcache, s.seqcycle
            FROM below JOIN pg_class c ON c.oid = below.oid
            JOIN pg_attribute a ON a.attrelid = below.oid AND a.attname = ? AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = below.oid AND d.adnum = a.attnum
            LEFT JOIN pg_sequence s ON s.seqrelid IN (
              SELECT objid FROM pg_depend WHERE classid = CAST('pg_class' AS regclass) AND deptype = 'i'
                AND refclassid = classid AND refobjid = below.oid AND refobjsubid = a.attnum
              UNION SELECT refobjid FROM pg_depend WHERE classid = CAST('pg_attrdef' AS regclass) AND objid = d.oid
                AND refclassid = CAST('pg_class' AS regclass))
            ORDER BY root DESC, below.oid
            """;

    private static final String TRIGGERS = Inheritance.BELOW
            + """
            SELECT tgname FROM pg_trigger JOIN below ON tgrelid = below.oid
            WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 7 = 7 ORDER BY tgname
            """;

    /** For each table that stores rows, the last trigger that runs before an INSERT. It sets the number. */
    private static final String LAST_TRIGGERS = Inheritance.BELOW
            + """
            SELECT CAST(CAST(below.oid AS regclass) AS text) AS name, last.prosrc, last.tgenabled,
              last.tgqual IS NULL AS always
            FROM below JOIN pg_class c ON c.oid = below.oid AND c.relkind <> 'p'
            LEFT JOIN LATERAL (
              SELECT prosrc, tgenabled, tgqual FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid
              WHERE tgrelid = below.oid AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 7 = 7
              ORDER BY tgname DESC LIMIT 1) last ON true
            """;

    /** A subscription may also name the partitioned table to which this table belongs. */
    private static final String SUBSCRIPTION = Inheritance.BELOW_AND_ABOVE
            + """
            SELECT 1 AS found FROM pg_subscription_rel
            WHERE srrelid IN (SELECT oid FROM below UNION SELECT oid FROM above)
            """;

    private static final String COPIERS =
            "SELECT extname FROM pg_extension WHERE extname IN ('bdr', 'citus', 'pgactive', 'pglogical', 'spock')"
                    + " ORDER BY extname";

    /** {@code nextval('orders_id_seq'::regclass)}, also cast to a number. */
    private static final Pattern NEXT_VALUE = Pattern.compile(
            "\\(?nextval\\('[^()]*'::regclass\\)\\)?(::(smallint|integer|bigint|numeric))?", Pattern.CASE_INSENSITIVE);

    private static final String NUMBER = "pg_current_xact_id()";

    /** Defaults that grow with time, though not in the order of the INSERTs. */
    private static final Pattern TIME = Pattern.compile(
            "(now|clock_timestamp|transaction_timestamp|statement_timestamp|pg_current_xact_id)\\(\\)"
                    + "|(CURRENT_TIMESTAMP|LOCALTIMESTAMP)(\\(\\d\\))?",
            Pattern.CASE_INSENSITIVE);

    /** Engines that speak PostgreSQL's protocol but have other transactions. */
    private static final Pattern OTHER_ENGINE = Pattern.compile(
            "-YB-|Redshift|Greenplum|Cloudberry|Materialize|RisingWave|CockroachDB|CrateDB|QuestDB|openGauss|Postgres-X",
            Pattern.CASE_INSENSITIVE);

    private PostgresPremises() {}

    /** The server must have PostgreSQL's own locks, snapshots and sequences. */
    static Optional<Doubt> engine(Subject source) throws SQLException {
        String version =
                String.valueOf(source.row("SELECT version() AS version").get("version"));
        boolean own = version.startsWith("PostgreSQL ")
                && !OTHER_ENGINE.matcher(version).find();
        return own
                ? Optional.empty()
                : doubt("the server says that it is " + version, "set consistency to CLAIM, LAG or STATIC");
    }

    static Optional<Doubt> primary(Subject source) throws SQLException {
        if (isTrue(source.row("SELECT pg_is_in_recovery() AS standby").get("standby"))) {
            return doubt("the server is a standby", "read the primary");
        }
        return source.rows(SUBSCRIPTION, source.quoted(), source.quoted()).isEmpty()
                ? Optional.empty()
                : doubt(
                        source.table() + " belongs to a logical subscription: its rows arrive in the order in which"
                                + " another server committed them",
                        "read the publisher, or set consistency to CLAIM");
    }

    static Optional<Doubt> noCopies(Subject source) throws SQLException {
        List<Map<String, @Nullable String>> copiers = source.rows(COPIERS);
        return copiers.isEmpty()
                ? Optional.empty()
                : doubt(
                        "the extension " + copiers.get(0).get("extname") + " may bring rows from other servers",
                        "set consistency to CLAIM");
    }

    /** Every writer must lock the table, or a partition of it, before its key is assigned. */
    static Optional<Doubt> lockedTable(Subject source) throws SQLException {
        Map<String, @Nullable String> relation = source.row(RELATION, source.quoted());
        Optional<Doubt> unusual = table(source, relation);
        if (unusual.isPresent()) {
            return unusual;
        }
        if (isTrue(relation.get("relispartition"))) {
            return doubt(
                    source.table() + " is a partition: a writer to the whole table locks it only after the key is"
                            + " assigned",
                    "read the partitioned table");
        }
        if (isTrue(relation.get("parent")) || isTrue(relation.get("child"))) {
            return doubt(
                    source.table() + " inherits or is inherited from: its writers hold no lock on the other tables",
                    "set consistency to CLAIM, or use partitions in place of inheritance");
        }
        return Optional.empty();
    }

    /** A row that is hidden while its key is passed, and shown later, would never be read. */
    static Optional<Doubt> shown(Subject source) throws SQLException {
        return TableFacts.hasRowSecurity(source.connection(), source.quoted())
                ? doubt(
                        "row security limits which rows of " + source.table() + " this user sees",
                        "read with a user that has BYPASSRLS")
                : Optional.empty();
    }

    /** The same where the engine may only speak PostgreSQL's protocol. */
    static Optional<Doubt> shownByPostgres(Subject source) throws SQLException {
        return engine(source).isPresent() ? Optional.empty() : shown(source);
    }

    static Optional<Doubt> writtenTable(Subject source) throws SQLException {
        return table(source, source.row(RELATION, source.quoted()));
    }

    private static Optional<Doubt> table(Subject source, Map<String, @Nullable String> relation) {
        String kind = String.valueOf(relation.get("relkind"));
        if (!List.of("r", "p").contains(kind)) {
            String word =
                    switch (kind) {
                        case "v" -> "a view";
                        case "m" -> "a materialized view";
                        case "f" -> "a foreign table";
                        default -> "no table";
                    };
            return doubt(
                    source.table() + " is " + word + ": who writes its rows is not seen",
                    "read the table itself, or name it in keyTable beside a read step");
        }
        return "u".equals(relation.get("relpersistence"))
                ? doubt(
                        source.table() + " is UNLOGGED: a crash empties it, and its keys begin again",
                        "ALTER TABLE " + source.quoted() + " SET LOGGED")
                : Optional.empty();
    }

    /** One sequence must assign the key of every row, in order and one at a time. */
    static Optional<Doubt> growing(Subject source) throws SQLException {
        return growing(source, column -> false);
    }

    /** Keys that grow with time, by a sequence or a time stamp. Keys assigned within the same seconds may be in any order. */
    static Optional<Doubt> roughlyGrowing(Subject source) throws SQLException {
        return growing(source, column -> TIME.matcher(String.valueOf(column.get("expression")))
                .matches());
    }

    private static Optional<Doubt> growing(Subject source, Predicate<Map<String, @Nullable String>> isTime)
            throws SQLException {
        List<Map<String, @Nullable String>> columns = keys(source);
        for (Map<String, @Nullable String> column : columns) {
            Optional<Doubt> wrong = inheritsDefault(column) || isTime.test(column)
                    ? Optional.empty()
                    : notGrowing(source, column, columns.get(0));
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<Doubt> notGrowing(
            Subject source, Map<String, @Nullable String> column, Map<String, @Nullable String> root) {
        String name = name(source, column);
        String expression = column.get("expression");
        String sequence = column.get("sequence");
        boolean next = expression != null && NEXT_VALUE.matcher(expression).matches();
        if (sequence == null || !(isIdentity(column) || next)) {
            return doubt(
                    name + (expression == null ? " has no default" : " has the default " + expression),
                    "make it an identity column, or set consistency to XID or CLAIM");
        }
        if (!sequence.equals(root.get("sequence"))) {
            return doubt(
                    name + " has a sequence of its own, " + sequence, "give it the default of the partitioned table");
        }
        if (Long.parseLong(String.valueOf(column.get("seqincrement"))) <= 0 || isTrue(column.get("seqcycle"))) {
            return doubt(
                    "the sequence " + sequence + " of " + name + " counts down or cycles",
                    "ALTER SEQUENCE " + sequence + " INCREMENT BY 1 NO CYCLE");
        }
        return "1".equals(column.get("seqcache"))
                ? Optional.empty()
                : doubt(
                        "the sequence " + sequence + " of " + name + " gives each session a block of "
                                + column.get("seqcache") + " keys",
                        "ALTER SEQUENCE " + sequence + " CACHE 1 and end the sessions that have a block");
    }

    /** Only the column's default may set the key. */
    static Optional<Doubt> byDefault(Subject source) throws SQLException {
        Optional<Doubt> trigger = triggers(source);
        if (trigger.isPresent()) {
            return trigger;
        }
        for (Map<String, @Nullable String> column : keys(source)) {
            if (!"a".equals(column.get("attidentity"))) {
                return doubt(
                        "any writer may give " + name(source, column) + " a value of its own",
                        isIdentity(column)
                                ? "ALTER TABLE " + column.get("name") + " ALTER "
                                        + source.key().get(0) + " SET GENERATED ALWAYS"
                                : "make it GENERATED ALWAYS AS IDENTITY");
            }
        }
        return Optional.empty();
    }

    static Optional<Doubt> triggers(Subject source) throws SQLException {
        String trigger = source.row(TRIGGERS, source.quoted()).get("tgname");
        return trigger == null
                ? Optional.empty()
                : doubt("the trigger " + trigger + " runs before each INSERT and may set it", "drop the trigger");
    }

    /** Only the server may set the number: the last trigger sets it and ignores the writer's value. */
    static Optional<Doubt> numberedByServer(Subject source) throws SQLException {
        String column = source.key().get(0);
        Pattern sets = Pattern.compile("(?i)\\s*BEGIN\\s+NEW\\.(?-i:" + Pattern.quote(column)
                + ")\\s*:?=\\s*pg_current_xact_id\\(\\)\\s*;" + "\\s*RETURN\\s+NEW\\s*;\\s*END\\s*;?\\s*");
        for (Map<String, @Nullable String> table : source.rows(LAST_TRIGGERS, source.quoted())) {
            boolean numbers = sets.matcher(String.valueOf(table.get("prosrc"))).matches()
                    && "A".equals(table.get("tgenabled"))
                    && isTrue(table.get("always"));
            if (!numbers) {
                return doubt(
                        "any writer, trigger or copy may give " + table.get("name") + "."
                                + source.columns().get(0) + " a value of its own",
                        "let a trigger set it that is ENABLE ALWAYS and the last before each INSERT, as consistency.md"
                                + " shows");
            }
        }
        return Optional.empty();
    }

    /** The first key column must be the number of the transaction that inserts the row. */
    static Optional<Doubt> numbered(Subject source) throws SQLException {
        for (Map<String, @Nullable String> column : keys(source)) {
            String expression = column.get("expression");
            if (!NUMBER.equals(expression) || !isTrue(column.get("attnotnull"))) {
                return doubt(
                        name(source, column)
                                + (expression == null ? " has no default" : " has the default " + expression)
                                + (isTrue(column.get("attnotnull")) ? "" : " and may be NULL"),
                        "ALTER TABLE " + column.get("name") + " ALTER "
                                + source.key().get(0) + " SET DEFAULT " + NUMBER + ", ALTER "
                                + source.key().get(0) + " SET NOT NULL");
            }
        }
        return Optional.empty();
    }

    /** Numbers that this cluster has not reached come from another cluster, by a dump or a copy. */
    static Optional<Doubt> counter(Subject source) throws SQLException {
        String number = source.key().get(0);
        Map<String, @Nullable String> beyond = source.row("SELECT CAST(" + number + " AS text) AS number,"
                + " CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS next FROM " + source.quoted() + " WHERE "
                + number + " >= pg_snapshot_xmax(pg_current_snapshot()) ORDER BY " + number + " DESC LIMIT 1");
        return beyond.isEmpty()
                ? Optional.empty()
                : doubt(
                        source.firstKey() + " is " + beyond.get("number")
                                + " in a row, and the next transaction of this" + " server is " + beyond.get("next")
                                + ": the rows come from another server",
                        "UPDATE " + source.quoted() + " SET " + number + " = DEFAULT WHERE " + number
                                + " >= pg_snapshot_xmax(pg_current_snapshot())");
    }

    private static List<Map<String, @Nullable String>> keys(Subject source) throws SQLException {
        return source.rows(
                KEYS, source.quoted(), source.quoted(), source.columns().get(0));
    }

    /** A partition without a default of its own: its keys come from the partitioned table. */
    private static boolean inheritsDefault(Map<String, @Nullable String> column) {
        return !isTrue(column.get("root")) && column.get("expression") == null;
    }

    private static boolean isIdentity(Map<String, @Nullable String> column) {
        return !String.valueOf(column.get("attidentity")).isEmpty();
    }

    private static String name(Subject source, Map<String, @Nullable String> column) {
        return isTrue(column.get("root"))
                ? source.firstKey()
                : column.get("name") + "." + source.columns().get(0);
    }

    private static boolean isTrue(@Nullable String value) {
        return "t".equals(value) || "true".equals(value);
    }
}
