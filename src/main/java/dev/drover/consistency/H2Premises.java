package dev.drover.consistency;

import static dev.drover.config.Doubt.doubt;

import dev.drover.config.Doubt;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the premises of a proof in the catalog of H2. Each method is one check. */
final class H2Premises {

    private static final String ADMINISTRATOR =
            "SELECT IS_ADMIN AS admin FROM INFORMATION_SCHEMA.USERS WHERE UPPER(USER_NAME) = UPPER(CURRENT_USER)";

    private static final String COLUMN =
            """
            SELECT t.TABLE_TYPE AS type, t.STORAGE_TYPE AS storage, c.COLUMN_DEFAULT AS expression,
              c.IDENTITY_GENERATION AS identity, c.IDENTITY_INCREMENT AS step, c.IDENTITY_CYCLE AS cycle
            FROM INFORMATION_SCHEMA.TABLES t JOIN INFORMATION_SCHEMA.COLUMNS c
            ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME AND c.COLUMN_NAME = ?
            WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ?
            """;

    private static final String TRIGGER =
            """
            SELECT TRIGGER_NAME AS name FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ?
            AND EVENT_OBJECT_TABLE = ? AND ACTION_TIMING = 'BEFORE' AND EVENT_MANIPULATION = 'INSERT' ORDER BY 1
            """;

    private static final String SEQUENCE =
            """
            SELECT INCREMENT AS step, CYCLE_OPTION AS cycle FROM INFORMATION_SCHEMA.SEQUENCES
            WHERE SEQUENCE_SCHEMA = ? AND SEQUENCE_NAME = ?
            """;

    /** H2 hands out the values of a sequence in order to all sessions, whatever its cache. */
    private static final Pattern NEXT_VALUE = Pattern.compile("NEXT VALUE FOR \"([^\"]+)\"\\.\"([^\"]+)\"");

    private static final Pattern TIME =
            Pattern.compile("(CURRENT_TIMESTAMP|LOCALTIMESTAMP)(\\(\\d\\))?", Pattern.CASE_INSENSITIVE);

    private H2Premises() {}

    /** The user must be an administrator: other users see only their own session. */
    static Optional<Doubt> administrator(Subject source) throws SQLException {
        return "TRUE".equalsIgnoreCase(source.row(ADMINISTRATOR).get("admin"))
                ? Optional.empty()
                : doubt("this user sees its own session only", "connect as an administrator");
    }

    static Optional<Doubt> ownTable(Subject source) throws SQLException {
        Map<String, @Nullable String> column = column(source);
        if (!"BASE TABLE".equals(column.get("type"))) {
            return doubt(
                    source.table() + " is "
                            + ("VIEW".equals(column.get("type")) ? "a view" : "no plain table")
                            + ": how the keys of its rows are assigned is not known",
                    "read the table itself, or name it in keyTable beside a read step");
        }
        return "TABLE LINK".equals(column.get("storage"))
                ? doubt(source.table() + " is linked to another database", "read that database")
                : Optional.empty();
    }

    static Optional<Doubt> growing(Subject source) throws SQLException {
        Map<String, @Nullable String> column = column(source);
        if (column.get("identity") != null) {
            return upwards(source, column);
        }
        String expression = column.get("expression");
        Matcher next = NEXT_VALUE.matcher(String.valueOf(expression));
        return next.matches()
                ? upwards(source, source.row(SEQUENCE, next.group(1), next.group(2)))
                : doubt(
                        source.firstKey() + (expression == null ? " has no default" : " has the default " + expression),
                        "make it an identity column, or set consistency to CLAIM");
    }

    private static Optional<Doubt> upwards(Subject source, Map<String, @Nullable String> sequence) {
        return Long.parseLong(String.valueOf(sequence.get("step"))) > 0 && "NO".equals(sequence.get("cycle"))
                ? Optional.empty()
                : doubt(
                        "the sequence of " + source.firstKey() + " counts down or cycles",
                        "ALTER SEQUENCE or the column with INCREMENT BY 1 NO CYCLE");
    }

    /** Keys that grow with time. Keys assigned within the same seconds may be in any order. */
    static Optional<Doubt> roughlyGrowing(Subject source) throws SQLException {
        return TIME.matcher(String.valueOf(column(source).get("expression"))).matches()
                ? Optional.empty()
                : growing(source);
    }

    static Optional<Doubt> byDefault(Subject source) throws SQLException {
        String trigger = source.row(TRIGGER, source.schema(), source.name()).get("name");
        if (trigger != null) {
            return doubt("the trigger " + trigger + " runs before each INSERT and may set it", "drop the trigger");
        }
        return "ALWAYS".equals(column(source).get("identity"))
                ? Optional.empty()
                : doubt(
                        "any writer may give " + source.firstKey() + " a value of its own",
                        "ALTER TABLE " + source.quoted() + " ALTER COLUMN "
                                + source.key().get(0) + " SET GENERATED ALWAYS");
    }

    private static Map<String, @Nullable String> column(Subject source) throws SQLException {
        return source.row(COLUMN, source.columns().get(0), source.schema(), source.name());
    }
}
