package dev.drover.doctor;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds columns whose values lose precision or meaning on their way to the destination. */
final class DoctorTypes {

    private static final Set<Integer> FLOATS = Set.of(Types.REAL, Types.FLOAT, Types.DOUBLE);
    private static final Set<String> KNOWN_OTHERS = Set.of("uuid", "json", "jsonb");
    private static final Set<Integer> EXACT = Set.of(
            Types.BIGINT,
            Types.INTEGER,
            Types.SMALLINT,
            Types.TINYINT,
            Types.NUMERIC,
            Types.DECIMAL,
            Types.BOOLEAN,
            Types.BIT,
            Types.DATE,
            Types.TIME,
            Types.TIME_WITH_TIMEZONE,
            Types.TIMESTAMP_WITH_TIMEZONE,
            Types.BINARY,
            Types.VARBINARY,
            Types.LONGVARBINARY,
            Types.BLOB,
            Types.CHAR,
            Types.VARCHAR,
            Types.LONGVARCHAR,
            Types.NCHAR,
            Types.NVARCHAR,
            Types.LONGNVARCHAR,
            Types.CLOB,
            Types.NCLOB,
            Types.ARRAY);

    private DoctorTypes() {}

    static List<DoctorCheck> checks(ResultSetMetaData columns) throws SQLException {
        List<DoctorCheck> checks = new ArrayList<>();
        List<String> zoneless = new ArrayList<>();
        List<String> asText = new ArrayList<>();
        List<String> sixDigits = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            String name = columns.getColumnLabel(column);
            String vendorType = columns.getColumnTypeName(column).toLowerCase(Locale.ROOT);
            int type = columns.getColumnType(column);
            if (type == Types.REAL && vendorType.equals("float")) {
                sixDigits.add(name);
            } else if (type == Types.TIMESTAMP) {
                if (!vendorType.equals("timestamptz")) {
                    zoneless.add(name);
                }
            } else if (!FLOATS.contains(type) && !EXACT.contains(type) && !KNOWN_OTHERS.contains(vendorType)) {
                asText.add(name + " (" + vendorType + ")");
            }
        }
        checks.addAll(
                listed(zoneless, "time without a zone, sent without one: ", "tell the receiver the zone it means"));
        checks.addAll(listed(
                sixDigits,
                "a FLOAT, of which MariaDB gives six digits unless the URL has useServerPrepStmts=true: ",
                "make it a DOUBLE, or put useServerPrepStmts=true into the URL of the source"));
        checks.addAll(
                listed(asText, "sent as the database's own text: ", "CAST it in the SQL if another form is meant"));
        return checks.isEmpty() ? List.of(DoctorCheck.ok("types", "each column is read exactly")) : checks;
    }

    private static List<DoctorCheck> listed(List<String> columns, String text, String remedy) {
        return columns.isEmpty()
                ? List.of()
                : List.of(DoctorCheck.warning("types", text + String.join(", ", columns), remedy));
    }
}
