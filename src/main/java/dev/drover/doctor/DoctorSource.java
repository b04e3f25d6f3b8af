package dev.drover.doctor;

import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.lint.LoadedPipeline;
import dev.drover.sql.Dialect;
import dev.drover.sql.PageSql;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the source: its next page, its key, its types and its clock. */
final class DoctorSource {

    /** The largest difference between clocks that agree. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final Connection connection;
    private final LoadedPipeline pipeline;
    private final @Nullable Cursor after;

    DoctorSource(Connection connection, LoadedPipeline pipeline, @Nullable Cursor after) {
        this.connection = connection;
        this.pipeline = pipeline;
        this.after = after;
    }

    /** All checks of the source. Those that need a page are left out if the page cannot be read. */
    List<DoctorCheck> checks() throws SQLException {
        return pipeline.readsSql() ? ofPage() : ofFeed();
    }

    /** The checks of a feed of changes, whose records have the rows of the table. */
    private List<DoctorCheck> ofFeed() throws SQLException {
        List<DoctorCheck> checks = new ArrayList<>();
        try {
            checks.addAll(changedRows());
            checks.add(DoctorCheck.ok("source", "the rows of the table can be read"));
        } catch (SQLException | RuntimeException e) {
            checks.add(unreadable(e));
        }
        checks.add(clock());
        return checks;
    }

    private List<DoctorCheck> ofPage() throws SQLException {
        List<DoctorCheck> checks = new ArrayList<>();
        checks.addAll(beginning());
        try (PreparedStatement statement = pipeline.query(connection, after).prepare(connection, "")) {
            statement.setMaxRows(1);
            statement.setQueryTimeout(30);
            try (ResultSet rows = statement.executeQuery()) {
                boolean more = rows.next();
                checks.add(DoctorCheck.ok(
                        "source", more ? "the next page can be read" : "can be read, nothing comes after the cursor"));
                if (!pipeline.form().endpoint().isChanges()) {
                    checks.addAll(DoctorTypes.checks(rows.getMetaData()));
                }
                checks.addAll(keyInPage(rows.getMetaData()));
                pipeline.form()
                        .keyRefusal(connection, rows.getMetaData(), after)
                        .ifPresent(refusal -> checks.add(DoctorCheck.failed("key", refusal.text(), refusal.remedy())));
            }
            if (pipeline.form().endpoint().isChanges()) {
                checks.addAll(changedRows());
            }
        } catch (SQLException | RuntimeException e) {
            checks.add(unreadable(e));
        }
        checks.addAll(new DoctorKey(connection, pipeline).checks());
        checks.add(clock());
        return checks;
    }

    /** The records of a change log carry the rows of its table. */
    private List<DoctorCheck> changedRows() throws SQLException {
        try (PreparedStatement statement =
                        pipeline.form().endpoint().changedRow(connection).prepare(connection, "");
                ResultSet rows = statement.executeQuery()) {
            return DoctorTypes.checks(rows.getMetaData());
        }
    }

    private DoctorCheck unreadable(Exception e) {
        return DoctorCheck.failed(
                "source",
                "the page cannot be read: " + Cause.line(e),
                "correct the table, columns or SQL of the pipeline, or GRANT SELECT to its user");
    }

    /** Checks a read step without a cursor: it would compare with NULL and find no row. */
    private List<DoctorCheck> beginning() {
        if (after != null) {
            return List.of();
        }
        return pipeline.form().sql().flatMap(PageSql::withoutBeginning).stream()
                .map(why -> DoctorCheck.failed("startAfter", why.text(), why.remedy()))
                .toList();
    }

    private List<DoctorCheck> keyInPage(ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            names.add(columns.getColumnLabel(column));
        }
        return pipeline.config().key().stream()
                .filter(key -> names.stream().noneMatch(key::equalsIgnoreCase))
                .map(key -> DoctorCheck.failed(
                        "key", "the page has no column " + key, "select it, or correct the option key"))
                .toList();
    }

    /** Whether the database and this process agree about the time and the time zone. */
    private DoctorCheck clock() {
        try {
            return compareClocks();
        } catch (SQLException | RuntimeException e) {
            return DoctorCheck.notChecked("clock", "the database does not tell its time as expected");
        }
    }

    private DoctorCheck compareClocks() throws SQLException {
        boolean mariaDb = Dialect.of(connection) == Dialect.MARIADB;
        String now = mariaDb ? "LOCALTIMESTAMP(6), UTC_TIMESTAMP(6)" : "LOCALTIMESTAMP, CURRENT_TIMESTAMP";
        Instant before = Instant.now();
        return Query.first(connection, "SELECT " + now, row -> {
                    LocalDateTime local = row.getObject(1, LocalDateTime.class);
                    Instant there = mariaDb
                            ? row.getObject(2, LocalDateTime.class).toInstant(ZoneOffset.UTC)
                            : row.getObject(2, OffsetDateTime.class).toInstant();
                    Instant here =
                            before.plus(Duration.between(before, Instant.now()).dividedBy(2));
                    return clocks(Duration.between(here, there), offset(local, there));
                })
                .orElseThrow();
    }

    private static ZoneOffset offset(LocalDateTime local, Instant utc) {
        long seconds = Duration.between(utc, local.toInstant(ZoneOffset.UTC)).toSeconds();
        return ZoneOffset.ofTotalSeconds(Math.toIntExact(Math.round(seconds / 900.0) * 900));
    }

    private static DoctorCheck clocks(Duration apart, ZoneOffset there) {
        ZoneOffset here = ZoneId.systemDefault().getRules().getOffset(Instant.now());
        String zones = "time zone " + there + " in the database's session, " + here + " in this process";
        if (apart.abs().compareTo(TOLERANCE) > 0) {
            return DoctorCheck.warning(
                    "clock",
                    "the database is " + apart.abs().toSeconds() + " s " + (apart.isNegative() ? "behind" : "ahead of")
                            + " this process; " + zones,
                    "set both clocks by NTP");
        }
        return here.equals(there)
                ? DoctorCheck.ok("clock", "agrees with this process; " + zones)
                : DoctorCheck.warning(
                        "clock", zones, "run both in one zone (TZ, or -Duser.timezone) if the key is a time");
    }
}
