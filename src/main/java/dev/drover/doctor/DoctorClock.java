package dev.drover.doctor;

import dev.drover.sql.Dialect;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Checks whether the database and this process agree about the time and the time zone. */
final class DoctorClock {

    /** The largest difference between clocks that agree. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private DoctorClock() {}

    static DoctorCheck check(Connection connection) {
        try {
            return compare(connection);
        } catch (SQLException | RuntimeException e) {
            return DoctorCheck.notChecked("clock", "the database does not tell its time as expected");
        }
    }

    private static DoctorCheck compare(Connection connection) throws SQLException {
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
                    return verdict(Duration.between(here, there), offset(local, there));
                })
                .orElseThrow();
    }

    private static ZoneOffset offset(LocalDateTime local, Instant utc) {
        long seconds = Duration.between(utc, local.toInstant(ZoneOffset.UTC)).toSeconds();
        return ZoneOffset.ofTotalSeconds(Math.toIntExact(Math.round(seconds / 900.0) * 900));
    }

    private static DoctorCheck verdict(Duration apart, ZoneOffset there) {
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
