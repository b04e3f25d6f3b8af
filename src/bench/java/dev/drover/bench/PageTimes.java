package dev.drover.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.ledger.Cursor;
import dev.drover.pages.PageRequest;
import dev.drover.pages.TableReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** How long one page takes the deeper it lies: after a key, by Drover's own reader, and by OFFSET. */
final class PageTimes {

    private static final int PAGE = 1000;
    private static final int TIMES = 9;
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
                "%,d rows, one page of %,d, %d times each.%n%n| page at row | after the key, ms | by OFFSET, ms |%n|---|---|---|%n",
                rows,
                PAGE,
                TIMES));
        try (HikariDataSource database = new HikariDataSource()) {
            database.setJdbcUrl(source.url());
            database.setUsername(source.user());
            TableReader reader = new TableReader(database, "orders", List.of("id"));
            for (int page = 0; page < WARM_UP; page++) {
                keyset(reader, 0);
                offset(database, 0);
            }
            for (long row : LongStream.of(0, rows / 10, rows / 2, rows - PAGE).toArray()) {
                Spread keyset = time(row, at -> keyset(reader, at));
                Spread offset = time(row, at -> offset(database, at));
                Log.step("page at row %,d: keyset %s ms, offset %s ms", row, keyset, offset);
                table.append(String.format(Locale.ROOT, "| %,d | %s | %s |%n", row, keyset, offset));
            }
        }
        return table.toString();
    }

    /** In milliseconds; the first time does not count. */
    private static Spread time(long row, Reading reading) throws SQLException {
        List<Double> millis = new ArrayList<>();
        for (int time = 0; time <= TIMES; time++) {
            long begin = System.nanoTime();
            reading.read(row);
            if (time > 0) {
                millis.add((System.nanoTime() - begin) / 1e6);
            }
        }
        return Spread.of(millis);
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
