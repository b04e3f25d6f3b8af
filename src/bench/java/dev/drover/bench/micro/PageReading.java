package dev.drover.bench.micro;

import dev.drover.PostgresServer;
import dev.drover.Sql;
import dev.drover.config.ByteLimits;
import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.rows.Page;
import dev.drover.rows.TableReader;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A row of a page of the table form, on a PostgreSQL of its own, with a {@code text} column: what the limit of a page's
 * bytes, a query of lengths before that of the page, adds to it: {@code -Dbench.arguments=PageReading}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PageReading.ROWS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PageReading {

    static final int ROWS = 1000;
    private static final int PAGES = 100;

    /** 0 is no limit. */
    @Param({"0", "67108864"})
    public long maxPageBytes;

    private long after;

    @SuppressWarnings("NullAway.Init") // set before the measurement
    private TableReader reader;

    @Setup
    public void fill() throws SQLException {
        SingleConnectionDataSource database =
                new SingleConnectionDataSource(PostgresServer.newDatabase().getConnection(), true);
        Sql.run(
                database,
                "CREATE TABLE notes (id BIGINT PRIMARY KEY, amount NUMERIC(12, 2), note TEXT)",
                "INSERT INTO notes SELECT x, x / 100.0, 'a note of some length for order ' || x FROM generate_series(1, "
                        + ROWS * PAGES + ") AS series (x)",
                "ANALYZE notes");
        ByteLimits limits = new ByteLimits(ByteLimits.DEFAULT.maxValueBytes(), maxPageBytes);
        List<String> key = List.of("id");
        reader = new TableReader(
                database, "notes", List.of(), key, Consistency.STATIC, PageQuery.DEFAULT_TIMEOUT, limits);
    }

    @Benchmark
    public Page read() throws SQLException {
        after = (after + ROWS) % (ROWS * (PAGES - 1));
        return reader.read(PageRequest.after(new Cursor(List.of("id"), List.of(after)), ROWS));
    }
}
