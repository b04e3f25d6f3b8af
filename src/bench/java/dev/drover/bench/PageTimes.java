package dev.drover.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.ledger.Cursor;
import dev.drover.rows.TableReader;
import dev.drover.sql.PageRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long one page takes the deeper it lies: after a key, by Drover's own reader, and by OFFSET. */
final class PageTimes {

    private static final int PAGE = 1000;
    private static final int KEYSET_TIMES = 101;
    private static final int OFFSET_TIMES = 9;
    /** Read in both ways before anything is timed, or the first place would pay for a JVM that is cold. */
    private static final int WARM_UP = 300;

    private final Source source;
    private final long rows;

    PageTimes(Source source, long rows) {
        this.source = source;
        this.rows = rows;
    }

    /** A page to be read. */
    @FunctionalInterface
    private interface Reading {

        void read(long row) throws SQLException;
    }

    /** The table of the page, in milliseconds. */
    String table() throws SQLException {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d rows, one page of %,d, %d times each after the key, %d times by OFFSET.%n%n"
                        + "| page at row | after the key, ms | by OFFSET, ms |%n|---|---|---|%n",
                rows,
                PAGE,
                KEYSET_TIMES,
                OFFSET_TIMES));
        try (HikariDataSource database = new HikariDataSource()) {
            database.setJdbcUrl(source.url());
            database.setUsername(source.user());
            TableReader reader = new TableReader(database, "orders", List.of("id"));
            for (int page = 0; page < WARM_UP; page++) {
                keyset(reader, 0);
                offset(database, 0);
            }
            Map<Long, Spread> keyset = time(KEYSET_TIMES, row -> keyset(reader, row));
            Map<Long, Spread> offset = time(OFFSET_TIMES, row -> offset(database, row));
            keyset.forEach((row, after) -> {
                Log.step("page at row %,d: keyset %s ms, offset %s ms", row, after, offset.get(row));
                table.append(String.format(Locale.ROOT, "| %,d | %s | %s |%n", row, after, offset.get(row)));
            });
        }
        return table.toString();
    }

    /** In milliseconds, all places in turn; the first time does not count. */
    private Map<Long, Spread> time(int times, Reading reading) throws SQLException {
        Map<Long, List<Double>> millis = new LinkedHashMap<>();
        for (int time = 0; time <= times; time++) {
            for (long row : List.of(0L, rows / 10, rows / 2, rows - PAGE)) {
                long begin = System.nanoTime();
                reading.read(row);
                if (time > 0) {
                    millis.computeIfAbsent(row, any -> new ArrayList<>()).add((System.nanoTime() - begin) / 1e6);
                }
            }
        }
        Map<Long, Spread> spreads = new LinkedHashMap<>();
        millis.forEach((row, of) -> spreads.put(row, Spread.of(of)));
        return spreads;
    }

    private static void keyset(TableReader reader, long row) throws SQLException {
        int read = reader.read(PageRequest.after(new Cursor(List.of("id"), List.of(row)), PAGE))
                .records()
                .size();
        checked(read);
    }

    private static void offset(HikariDataSource database, long row) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement page =
                        connection.prepareStatement("SELECT * FROM orders ORDER BY id LIMIT " + PAGE + " OFFSET ?")) {
            page.setLong(1, row);
            int read = 0;
            try (ResultSet found = page.executeQuery()) {
                while (found.next()) {
                    for (int column = 1; column <= 6; column++) {
                        Object unused = found.getObject(column);
                    }
                    read++;
                }
            }
            checked(read);
        }
    }

    private static void checked(int read) {
        if (read != PAGE) {
            throw new IllegalStateException("a page had " + read + " rows");
        }
    }
}
