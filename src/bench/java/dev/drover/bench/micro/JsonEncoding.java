package dev.drover.bench.micro;

import dev.drover.rows.SourceRecord;
import dev.drover.rows.TableReader;
import dev.drover.sql.PageRequest;
import dev.drover.testing.Database;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.h2.jdbcx.JdbcDataSource;
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
import org.openjdk.jmh.annotations.Warmup;

/** A batch becomes a JSON array, by Camel's own data format: {@code -Dbench.arguments=JsonEncoding}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(JsonEncoding.ROWS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class JsonEncoding {

    static final int ROWS = 500;

    private final JacksonDataFormat json = new JacksonDataFormat();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 17);

    @SuppressWarnings("NullAway.Init") // set before the measurement
    private List<SourceRecord> records;

    @Setup
    public void read() throws Exception {
        DataSource orders = dataSource(Database.h2().orders(1, ROWS));
        records = new TableReader(orders, "orders", List.of("id"))
                .read(PageRequest.after(null, ROWS))
                .records();
        json.setCamelContext(exchange.getContext());
        json.start();
    }

    private static DataSource dataSource(Database database) {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL(database.url());
        h2.setUser(database.username());
        return h2;
    }

    @Benchmark
    public int encode() throws Exception {
        out.reset();
        json.marshal(exchange, records, out);
        return out.size();
    }
}
