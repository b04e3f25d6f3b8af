package dev.drover.consistency;

import static dev.drover.config.Doubt.doubt;

import dev.drover.config.Doubt;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the premises of a proof in the catalog of MariaDB or MySQL. Each method is one check. */
final class MariaDbPremises {

    private static final String TABLE =
            """
            SELECT t.TABLE_TYPE AS type, t.ENGINE AS engine, c.EXTRA AS extra, c.COLUMN_DEFAULT AS expression
            FROM information_schema.TABLES t LEFT JOIN information_schema.COLUMNS c
            ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME AND c.COLUMN_NAME = ?
            WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ?
            """;

    /** MariaDB hands out the values of a sequence in order to all sessions, whatever its cache. */
    private static final Pattern NEXT_VALUE =
            Pattern.compile("nextval\\((`[^`]+`\\.`[^`]+`)\\)", Pattern.CASE_INSENSITIVE);

    private static final Pattern TIME = Pattern.compile("current_timestamp(\\(\\d?\\))?", Pattern.CASE_INSENSITIVE);

    private static final Pattern OTHER_ENGINE =
            Pattern.compile("TiDB|Vitess|OceanBase|SingleStore|StarRocks|Doris", Pattern.CASE_INSENSITIVE);

    private static final int NOT_ALLOWED = 1227;

    private MariaDbPremises() {}

    static Optional<Doubt> engine(Subject source) throws SQLException {
        String version = version(source);
        if (OTHER_ENGINE.matcher(version).find()) {
            return doubt("the server says that it is " + version, "set consistency to CLAIM, LAG or STATIC");
        }
        return version.matches("5\\.[0-7]\\..*") && !version.contains("MariaDB")
                ? doubt(
                        "MySQL " + version + " forgets after a restart which keys it has assigned",
                        "use MySQL 8, or set consistency to CLAIM")
                : Optional.empty();
    }

    static Optional<Doubt> primary(Subject source) throws SQLException {
        String schema = version(source).contains("MariaDB") ? "information_schema" : "performance_schema";
        String sql = "SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS value FROM " + schema + ".GLOBAL_VARIABLES"
                + " WHERE VARIABLE_NAME IN ('READ_ONLY', 'INNODB_READ_ONLY', 'WSREP_ON', 'GROUP_REPLICATION_GROUP_NAME')";
        for (Map<String, @Nullable String> row : source.rows(sql)) {
            String name = String.valueOf(row.get("name")).toLowerCase(Locale.ROOT);
            String value = String.valueOf(row.get("value"));
            if (!value.isEmpty() && !value.equals("OFF") && !value.equals("0")) {
                return doubt(
                        "the server has " + name + " = " + value + ": its rows may be written on another one",
                        name.endsWith("read_only") ? "read the primary" : "set consistency to CLAIM");
            }
        }
        try {
            return source.rows(replication(source)).isEmpty()
                    ? Optional.empty()
                    : doubt("the server is a replica of another one", "read the primary");
        } catch (SQLException e) {
            if (e.getErrorCode() == NOT_ALLOWED) {
                return Optional.empty(); // noCopies reports it
            }
            throw e;
        }
    }

    static Optional<Doubt> noCopies(Subject source) throws SQLException {
        try {
            source.rows(replication(source));
            return Optional.empty();
        } catch (SQLException e) {
            if (e.getErrorCode() == NOT_ALLOWED) {
                return doubt(
                        "this user may not ask whether the server is a replica",
                        version(source).contains("MariaDB")
                                ? "GRANT REPLICA MONITOR ON *.* to it"
                                : "GRANT REPLICATION CLIENT ON *.* to it");
            }
            throw e;
        }
    }

    /** The table must be of InnoDB. Its writers hold a metadata lock until their transactions end. */
    static Optional<Doubt> lockedTable(Subject source) throws SQLException {
        Map<String, @Nullable String> table = table(source);
        if (!"BASE TABLE".equals(table.get("type"))) {
            return doubt(
                    source.table() + " is "
                            + (String.valueOf(table.get("type")).contains("VIEW") ? "a view" : "no plain table")
                            + ": who writes its rows is not seen",
                    "read the table itself, or name it in keyTable beside a read step");
        }
        return "InnoDB".equals(table.get("engine"))
                ? Optional.empty()
                : doubt(
                        source.table() + " is of the engine " + table.get("engine"),
                        "ALTER TABLE " + source.quoted() + " ENGINE = InnoDB, or set consistency to CLAIM");
    }

    static Optional<Doubt> growing(Subject source) throws SQLException {
        Map<String, @Nullable String> column = table(source);
        if (String.valueOf(column.get("extra")).contains("auto_increment")) {
            return Optional.empty();
        }
        String expression = column.get("expression");
        Matcher next = NEXT_VALUE.matcher(String.valueOf(expression));
        if (!next.matches()) {
            return doubt(
                    source.firstKey() + (expression == null ? " has no default" : " has the default " + expression),
                    "make it AUTO_INCREMENT, or set consistency to CLAIM");
        }
        Map<String, @Nullable String> sequence =
                source.row("SELECT increment AS step, cycle_option AS cycle FROM " + next.group(1));
        return Long.parseLong(String.valueOf(sequence.get("step"))) > 0 && "0".equals(sequence.get("cycle"))
                ? Optional.empty()
                : doubt(
                        "the sequence " + next.group(1) + " of " + source.firstKey() + " counts down or cycles",
                        "ALTER SEQUENCE " + next.group(1) + " INCREMENT BY 1 NOCYCLE");
    }

    /** Keys that grow with time. Keys assigned within the same seconds may be in any order. */
    static Optional<Doubt> roughlyGrowing(Subject source) throws SQLException {
        return TIME.matcher(String.valueOf(table(source).get("expression"))).matches()
                ? Optional.empty()
                : growing(source);
    }

    /** Never proven: AUTO_INCREMENT and a default let every writer set a value. */
    static Optional<Doubt> byDefault(Subject source) {
        return doubt("any writer may give " + source.firstKey() + " a value of its own", "set consistency to CLAIM");
    }

    private static Map<String, @Nullable String> table(Subject source) throws SQLException {
        return source.row(TABLE, source.columns().get(0), source.schema(), source.name());
    }

    private static String replication(Subject source) throws SQLException {
        return version(source).contains("MariaDB") ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS";
    }

    private static String version(Subject source) throws SQLException {
        return String.valueOf(source.row("SELECT CONCAT(VERSION(), ' ', @@version_comment) AS version")
                .get("version"));
    }
}
