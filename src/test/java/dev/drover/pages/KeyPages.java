package dev.drover.pages;

import dev.drover.database.DatabasePool;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.CursorLiteral;
import dev.drover.ledger.CursorMove;
import dev.drover.rows.RecordMapper;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.sql.PageRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Reads a table {@code t} with a key column {@code k} and a number {@code n} page by page, and begins again every now
 * and then as another process would: with new connections, in another time zone, after the checkpoint as it was kept or
 * as a person sets it from what is printed.
 */
final class KeyPages implements AutoCloseable {

    private static final List<String> ZONES =
            List.of("UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia");

    private final TimeZone before = TimeZone.getDefault();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ProducerTemplate template;
    private final Supplier<DatabasePool> database;
    private final Random random;
    private final DelegatingDataSource ofStep = new DelegatingDataSource();
    private DatabasePool source;

    KeyPages(Supplier<DatabasePool> database, long seed) {
        this.database = database;
        this.random = new Random(seed);
        this.source = database.get();
        camel.getComponent("sql", SqlComponent.class).setRowMapperFactory(new RecordMapper());
        ofStep.setTargetDataSource(source);
        camel.getRegistry().bind("source", ofStep);
        camel.start();
        template = camel.createProducerTemplate();
    }

    DatabasePool source() {
        return source;
    }

    @Override
    public void close() {
        source.close();
        camel.stop();
        TimeZone.setDefault(before);
    }

    private interface Form {
        List<?> read(PageRequest page) throws Exception;
    }

    /** What is wrong with how the table form delivers; empty if nothing is. */
    String byTable(List<String> key, List<Integer> expected) {
        return deliver(key, expected, page -> new TableReader(source, "t", key)
                .read(page)
                .records());
    }

    /** What is wrong with how a read step delivers; empty if nothing is. */
    String byStep(List<String> key, List<Integer> expected) {
        String beyond = key.size() == 1
                ? "k > :#${variable.after}"
                : "k >= :#${variable.after[k]} AND (k > :#${variable.after[k]} OR (k = :#${variable.after[k]}"
                        + " AND n > :#${variable.after[n]}))";
        String rest = " ORDER BY " + String.join(", ", key) + " LIMIT :#${variable.pageSize}?dataSource=#source";
        return deliver(key, expected, page -> {
            Exchange exchange = template.request(
                    "sql:SELECT n, k FROM t" + (page.after() == null ? "" : " WHERE " + beyond) + rest,
                    begun -> page.setVariables(begun));
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            return exchange.getMessage().getBody(List.class);
        });
    }

    private String deliver(List<String> key, List<Integer> expected, Form form) {
        List<Integer> delivered = new ArrayList<>();
        Cursor after = null;
        try {
            while (delivered.size() <= expected.size()) {
                int size = List.of(1, 3, 7, 29).get(random.nextInt(4));
                List<?> rows = form.read(PageRequest.after(after, size));
                for (Object row : rows) {
                    delivered.add(((Number) ((Map<?, ?>) row).get("n")).intValue());
                }
                if (rows.size() < size) {
                    break;
                }
                after = resumed(((SourceRecord) rows.get(rows.size() - 1)).cursor(key));
            }
        } catch (Exception e) {
            Throwable cause = e;
            while (cause.getCause() != null) cause = cause.getCause();
            return "after " + after + " of "
                    + (after == null ? null : after.values().get(0).getClass().getSimpleName()) + ": " + cause;
        }
        if (delivered.equals(expected)) {
            return "";
        }
        int same = 0;
        while (same < Math.min(delivered.size(), expected.size())
                && delivered.get(same).equals(expected.get(same))) {
            same++;
        }
        return "delivered " + delivered.size() + " of " + expected.size() + ", other than expected from the row at "
                + same + " on, after " + after;
    }

    private Cursor resumed(Cursor last) throws SQLException {
        int way = random.nextInt(12);
        if (way == 0) {
            restart();
        }
        if (way == 1 || way == 2) {
            return printed(last);
        }
        return way < 5 ? CursorJson.read(CursorJson.write(last)) : last;
    }

    private void restart() {
        source.close();
        TimeZone.setDefault(TimeZone.getTimeZone(ZONES.get(random.nextInt(ZONES.size()))));
        source = database.get();
        ofStep.setTargetDataSource(source);
    }

    private static Cursor printed(Cursor last) {
        String text = last.toString().substring(2);
        int second = text.lastIndexOf(", n=");
        String literals =
                last.columns().size() == 1 ? text : text.substring(0, second) + ", " + text.substring(second + 4);
        Cursor set = CursorMove.asRead(last, CursorLiteral.parse(last.columns(), literals));
        CursorMove.mismatch(last, set).ifPresent(mismatch -> {
            throw new IllegalStateException(mismatch);
        });
        CursorMove.describe(last, set);
        return set;
    }

    /** The rows in the database's own order. */
    static List<Integer> ordered(DatabasePool source, String by) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n FROM t ORDER BY " + by)) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }
}
