package dev.drover.doctor;

import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.lint.LoadedPipeline;
import dev.drover.sql.Dialect;
import dev.drover.sql.PageQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The plan of the database for the next page.
 *
 * @param lines the plan
 * @param check whether the plan reads the page by an index
 */
record DoctorPlan(List<String> lines, DoctorCheck check) {

    private static final String NAME = "index";
    private static final int TIMEOUT_SECONDS = 30;

    /** For a table with fewer rows a scan may be the cheapest plan, so it says nothing about the indexes. */
    private static final long SMALL = 1000;

    static DoctorPlan explain(Connection connection, LoadedPipeline pipeline, @Nullable Cursor after) {
        try {
            PageQuery query = pipeline.query(connection, after);
            return switch (Dialect.of(connection)) {
                case H2 -> h2(lines(connection, query, "EXPLAIN "));
                case POSTGRESQL -> postgres(connection, query);
                case MARIADB -> mariaDb(connection, query);
                case STANDARD ->
                    new DoctorPlan(
                            List.of(), DoctorCheck.notChecked(NAME, "Drover does not read this database's plans"));
            };
        } catch (SQLException | RuntimeException e) {
            return new DoctorPlan(List.of(), DoctorCheck.notChecked(NAME, "there is no plan: " + Cause.line(e)));
        }
    }

    private static DoctorPlan h2(List<String> lines) {
        String plan = String.join("\n", lines).toLowerCase(Locale.ROOT);
        boolean scan = plan.contains(".tablescan");
        boolean sorted = plan.contains("order by") && !plan.contains("/* index sorted */");
        return new DoctorPlan(lines, scan || sorted ? unused(scan ? "a full scan" : "a sort") : used());
    }

    /**
     * The planner scans a small table whatever its indexes are, so it is asked a second time with scans switched off.
     */
    private static DoctorPlan postgres(Connection connection, PageQuery query) throws SQLException {
        List<String> lines = lines(connection, query, "EXPLAIN ");
        if (isBounded(lines)) {
            return new DoctorPlan(lines, used());
        }
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement settings = connection.createStatement()) {
            settings.execute("SET LOCAL enable_seqscan = off");
            settings.execute("SET LOCAL enable_bitmapscan = off");
            boolean fits = isBounded(lines(connection, query, "EXPLAIN "));
            return new DoctorPlan(
                    lines,
                    fits
                            ? DoctorCheck.ok(NAME, "an index fits; the planner scans because the table is small")
                            : unused("a full scan or a sort"));
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private static boolean isBounded(List<String> plan) {
        return plan.stream()
                .noneMatch(line -> line.contains("Seq Scan")
                        || line.strip().startsWith("Sort")
                        || line.contains("->  Sort")
                        || line.contains("Bitmap Heap Scan"));
    }

    private static DoctorPlan mariaDb(Connection connection, PageQuery query) throws SQLException {
        List<String> lines = new ArrayList<>();
        boolean bounded = true;
        long most = 0;
        try (PreparedStatement explain = query.prepare(connection, "EXPLAIN ")) {
            explain.setQueryTimeout(TIMEOUT_SECONDS);
            try (ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    String type = String.valueOf(rows.getString("type"));
                    String extra = String.valueOf(rows.getString("Extra"));
                    lines.add("table=" + rows.getString("table") + " type=" + type + " key=" + rows.getString("key")
                            + " rows=" + rows.getString("rows") + " extra=" + extra);
                    bounded &= !type.equals("ALL") && !extra.contains("filesort");
                    most = Math.max(most, rows.getLong("rows"));
                }
            }
        }
        if (!bounded && most < SMALL) {
            return new DoctorPlan(
                    lines,
                    DoctorCheck.warning(
                            NAME,
                            "the page is read by a scan or a sort; the table is small, so that may be the cheapest way",
                            "look again when the table has grown; an index on the key columns must then be used"));
        }
        return new DoctorPlan(lines, bounded ? used() : unused("a full scan or a sort"));
    }

    private static DoctorCheck used() {
        return DoctorCheck.ok(NAME, "the page is read by an index, in its order");
    }

    private static DoctorCheck unused(String instead) {
        return DoctorCheck.failed(
                NAME,
                "the page is read by " + instead + ": every page costs as much as the table",
                "CREATE INDEX on exactly the key columns, in their order, and compare and sort by these columns as they"
                        + " are");
    }

    private static List<String> lines(Connection connection, PageQuery query, String prefix) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (PreparedStatement explain = query.prepare(connection, prefix)) {
            explain.setQueryTimeout(TIMEOUT_SECONDS);
            try (ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    rows.getString(1).lines().forEach(lines::add);
                }
            }
        }
        return lines;
    }
}
