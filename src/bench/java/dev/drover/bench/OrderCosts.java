package dev.drover.bench;

import dev.drover.ledger.Cursor;
import dev.drover.rows.DatabaseOrder;
import dev.drover.rows.KeyOrder;
import dev.drover.rows.Page;
import dev.drover.rows.PageKeys;
import dev.drover.rows.TableReader;
import dev.drover.sql.Dialect;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * What the proof of a page's order costs, for each database and kind of key. Each page is read, which proves it too, and
 * is then proven once more by itself, so that both times are of the same moment.
 */
final class OrderCosts {

    private static final int PAGE = 1000;
    private static final int PASSES = 9;
    /** Passes that do not count: the code is cold. */
    private static final int WARM_UP = 3;

    private static final Map<Engine, String> NAMES =
            Map.of(Engine.POSTGRES, "PostgreSQL", Engine.MARIADB, "MariaDB", Engine.H2, "H2");
    private static final List<String> KINDS = List.of("whole number", "time", "text");
    private static final List<String> KEYS = List.of("id", "happened_at", "code");

    private final long rows;

    OrderCosts(long rows) {
        this.rows = rows;
    }

    /** The table of the page. */
    String table() throws SQLException {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d rows of 7 columns, pages of %,d, %d passes.%n%n"
                        + "| database | key | a page with its proof, ms | proof, ns a row | proof, of the time without it |"
                        + "%n|---|---|---|---|---|%n",
                rows,
                PAGE,
                PASSES));
        for (Engine engine : List.of(Engine.POSTGRES, Engine.MARIADB, Engine.H2)) {
            Database database = engine.newDatabase();
            try (Connection connection = database.open()) {
                fill(connection, engine);
                for (int kind = 0; kind < KEYS.size(); kind++) {
                    String line = line(connection, KEYS.get(kind));
                    Log.step("order on %s by %s: %s", engine, KEYS.get(kind), line);
                    table.append(String.format("| %s | %s %s%n", NAMES.get(engine), KINDS.get(kind), line));
                }
            }
        }
        return table.toString();
    }

    private void fill(Connection connection, Engine engine) throws SQLException {
        Log.step("fills a table with %,d rows on %s", rows, engine);
        connection
                .createStatement()
                .execute("CREATE TABLE events (id BIGINT PRIMARY KEY, happened_at "
                        + (engine == Engine.MARIADB ? "DATETIME(6)" : "TIMESTAMP(6)")
                        + " NOT NULL UNIQUE, code VARCHAR(40) NOT NULL UNIQUE, customer VARCHAR(40) NOT NULL,"
                        + " quantity INT NOT NULL, amount NUMERIC(12, 2) NOT NULL, note VARCHAR(80) NOT NULL)");
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO events VALUES (?, ?, ?, 'a customer of ours', 7, 123.45, 'a note of some length')")) {
            for (int row = 1; row <= rows; row++) {
                insert.setLong(1, row);
                insert.setTimestamp(2, new Timestamp(1_700_000_000_000L + row * 1000L));
                insert.setString(3, String.format(Locale.ROOT, "order %08d of the shop", row));
                insert.addBatch();
                if (row % PAGE == 0 || row == rows) {
                    insert.executeBatch();
                }
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private String line(Connection connection, String key) throws SQLException {
        DataSource database = new SingleConnectionDataSource(connection, true);
        TableReader reader = new TableReader(database, "events", List.of(key));
        PageQuery keys = new PageQuery("SELECT " + key + " FROM events", nothing -> {});
        KeyOrder order = new KeyOrder(List.of(key), new DatabaseOrder(Dialect.of(connection), keys).over(connection));
        List<Double> pages = new ArrayList<>();
        List<Double> proofs = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int pass = 0; pass < WARM_UP + PASSES; pass++) {
            @Nullable Cursor after = null;
            for (int page = 0; page < rows / PAGE; page++) {
                PageRequest request = PageRequest.after(after, PAGE);
                long begin = System.nanoTime();
                Page read = reader.read(request);
                long proof = System.nanoTime();
                order.prove(request, PageKeys.of(List.of(key), read.records()));
                long end = System.nanoTime();
                after = read.last();
                if (pass >= WARM_UP) {
                    pages.add((proof - begin) / 1e6);
                    proofs.add((end - proof) / (double) PAGE);
                    shares.add((end - proof) / (double) Math.max(1, proof - begin - (end - proof)));
                }
            }
        }
        return String.format(
                Locale.ROOT,
                "| %.2f | %.0f | %.3f |",
                Spread.of(pages).median(),
                Spread.of(proofs).median(),
                Spread.of(shares).median());
    }
}
