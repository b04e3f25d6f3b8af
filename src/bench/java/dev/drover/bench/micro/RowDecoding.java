package dev.drover.bench.micro;

import dev.drover.rows.RecordMapper;
import dev.drover.rows.SourceRecord;
import dev.drover.testing.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.jdbc.core.RowMapper;

/** A row of a result that H2 holds in memory becomes a record: {@code -Dbench.arguments=RowDecoding}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RowDecoding.ROWS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RowDecoding {

    static final int ROWS = 1000;

    private final RowMapper<SourceRecord> mapper = new RecordMapper().newColumnRowMapper();

    @SuppressWarnings("NullAway.Init") // set before the measurement
    private Connection connection;

    @SuppressWarnings("NullAway.Init") // set before the measurement
    private ResultSet rows;

    @Setup
    public void query() throws SQLException {
        connection = Database.h2().orders(1, ROWS).open();
        rows = connection
                .createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)
                .executeQuery("SELECT * FROM orders ORDER BY id");
    }

    @TearDown
    public void close() throws SQLException {
        connection.close();
    }

    @Benchmark
    public List<SourceRecord> decode() throws SQLException {
        List<SourceRecord> records = new ArrayList<>(ROWS);
        rows.beforeFirst();
        while (rows.next()) {
            records.add(mapper.mapRow(rows, records.size()));
        }
        return records;
    }
}
