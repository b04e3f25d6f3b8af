package dev.drover.bench.micro;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchStrategy;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
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

/**
 * Records go through Camel's aggregator with {@code #batch}, a batch of them is closed and settled at once:
 * {@code -Dbench.arguments=BatchCollection}. An exchange for each record is part of it, as it is in a route.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BatchCollection.ROWS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class BatchCollection {

    static final int ROWS = 500;

    private final List<Map<String, Long>> rows =
            LongStream.range(0, ROWS).mapToObj(id -> Map.of("id", id)).toList();
    private final Ledger ledger = new Ledger("orders", new Acknowledgement.Forgotten(), ROWS);
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @SuppressWarnings("NullAway.Init") // set before the measurement
    private ProducerTemplate producer;

    @Setup
    public void start() throws Exception {
        BatchStrategy batch = new BatchStrategy();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:records")
                        .aggregate(constant("orders"), batch)
                        .aggregateController(batch)
                        .completionSize(ROWS)
                        .executorService(new SynchronousExecutorService())
                        .process(exchange -> {
                            Batch made = exchange.getProperty(Batch.PROPERTY, Batch.class);
                            made.delivered(made.items(), "micro");
                        });
            }
        });
        camel.start();
        producer = camel.createProducerTemplate();
    }

    @TearDown
    public void stop() {
        camel.stop();
    }

    @Benchmark
    public long collect() {
        OpenPage page = ledger.open(List.of("id"), ROWS);
        for (Map<String, Long> row : rows) {
            RecordOnPage record = new RecordOnPage(page, List.of(row));
            Exchange exchange = new DefaultExchange(camel);
            exchange.setProperty(RecordOnPage.PROPERTY, record);
            exchange.getMessage().setBody(row);
            producer.send("direct:records", exchange);
            record.ended(false, false);
        }
        page.close(ROWS, page.keyOf(rows.get(ROWS - 1)));
        if (ledger.window() > 0) {
            throw new IllegalStateException("the batch was not closed or not settled");
        }
        return ledger.tally().delivered();
    }
}
