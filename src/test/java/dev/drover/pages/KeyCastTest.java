package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.sql.KeyCondition;
import dev.drover.sql.KeyTypes;
import dev.drover.sql.PageSql;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cursor that the SQL casts to another type than that of its column may be another value, or compared by another rule. */
@Integration
class KeyCastTest {

    /** A type of a key, casts of the cursor that keep it, and casts that do not. */
    private record Key(String type, List<String> kept, List<String> refused) {}

    private static List<Key> keys(Engine engine) {
        return switch (engine) {
            case POSTGRES ->
                List.of(
                        new Key("bigint", List.of("bigint", "int8"), List.of("int", "text", "numeric", "float8")),
                        new Key("int", List.of("int"), List.of("smallint")),
                        new Key("bigserial", List.of("bigint"), List.of("int")),
                        new Key(
                                "numeric(12,2)",
                                List.of("numeric", "numeric(12,2)", "numeric(14,3)"),
                                List.of("numeric(12,1)", "numeric(11,2)", "bigint")),
                        new Key("numeric", List.of("numeric"), List.of("numeric(12,2)")),
                        new Key("timestamptz", List.of("timestamptz"), List.of("timestamp", "timestamptz(0)", "date")),
                        new Key("timestamp(3)", List.of("timestamp", "timestamp(3)"), List.of("timestamp(0)")),
                        new Key("date", List.of("date"), List.of("timestamp")),
                        new Key(
                                "varchar(20)",
                                List.of("varchar", "text", "varchar(20)"),
                                List.of("varchar(3)", "char(20)")),
                        new Key("text", List.of("text", "varchar"), List.of("varchar(9)", "name")),
                        new Key("char(5)", List.of("char(5)"), List.of("text", "char(3)")),
                        new Key("uuid", List.of("uuid"), List.of("text")),
                        new Key("xid8", List.of("xid8"), List.of("text")));
            case MARIADB ->
                List.of(
                        new Key("BIGINT", List.of("SIGNED"), List.of("UNSIGNED", "CHAR", "DATE", "DECIMAL(10,0)")),
                        new Key("INT UNSIGNED", List.of("UNSIGNED"), List.of("SIGNED")),
                        new Key(
                                "DECIMAL(12,2)",
                                List.of("DECIMAL(12,2)", "DECIMAL(14,3)"),
                                List.of("DECIMAL", "DECIMAL(12,1)", "SIGNED")),
                        new Key("DATETIME(6)", List.of("DATETIME(6)"), List.of("DATETIME", "DATE")),
                        new Key("VARCHAR(20)", List.of(), List.of("CHAR(3)", "SIGNED")),
                        new Key("DATE", List.of("DATE"), List.of("SIGNED")));
            case H2 ->
                List.of(
                        new Key("BIGINT", List.of("BIGINT"), List.of("INT", "VARCHAR", "NUMERIC(20)")),
                        new Key(
                                "NUMERIC(12,2)",
                                List.of("NUMERIC(12,2)", "NUMERIC(14,3)"),
                                List.of("NUMERIC", "NUMERIC(12,1)", "INT")),
                        new Key("TIMESTAMP(9)", List.of("TIMESTAMP(9)"), List.of("TIMESTAMP", "DATE")),
                        new Key(
                                "VARCHAR(20)",
                                List.of("VARCHAR(20)", "VARCHAR"),
                                List.of("VARCHAR(3)", "VARCHAR_IGNORECASE", "INT")),
                        new Key("UUID", List.of("UUID"), List.of("VARCHAR")));
        };
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseACastOfTheCursorWhenItIsNotToTheTypeOfTheKey(Engine engine) throws SQLException {
        Database database = engine.newDatabase();
        List<String> wrong = new ArrayList<>();
        try (Connection connection = database.open()) {
            int number = 0;
            for (Key key : keys(engine)) {
                database.run("CREATE TABLE t" + ++number + " (k " + key.type() + ")");
                for (String type : key.kept()) {
                    if (isRefused(connection, number, "CAST(:#${variable.after} AS " + type + ")")) {
                        wrong.add(key.type() + " as " + type + " is refused");
                    }
                }
                for (String type : key.refused()) {
                    if (!isRefused(connection, number, "CAST(:#${variable.after} AS " + type + ")")) {
                        wrong.add(key.type() + " as " + type + " is not refused");
                    }
                }
            }
            if (engine == Engine.POSTGRES) {
                database.run("CREATE EXTENSION citext", "CREATE TABLE t0 (k citext)");
                assertThat(isRefused(connection, 0, "COALESCE(:#${variable.after}, '')"))
                        .isTrue();
                assertThat(isRefused(connection, 0, "COALESCE(:#${variable.after}::citext, '')"))
                        .isFalse();
                assertThat(isRefused(connection, 1, "COALESCE(:#${variable.after}, 0)"))
                        .isFalse();
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean isRefused(Connection connection, int table, String cursor) throws SQLException {
        PageSql sql = new PageSql(
                "SELECT k FROM t" + table + " WHERE k > " + cursor + " ORDER BY k LIMIT :#${variable.pageSize}",
                List.of("k"));
        Set<KeyCondition.Cast> casts = sql.casts();
        assertThat(casts).isNotEmpty();
        try (PreparedStatement page = connection.prepareStatement("SELECT k FROM t" + table)) {
            return KeyTypes.refusal(connection, page.getMetaData(), casts).isPresent();
        }
    }
}
