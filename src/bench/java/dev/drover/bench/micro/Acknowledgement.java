package dev.drover.bench.micro;

import dev.drover.ledger.Fate;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The records of a page are read, collected and settled, and the page is passed; nothing is written to a store:
 * {@code -Dbench.arguments=Acknowledgement}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Acknowledgement.ROWS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class Acknowledgement {

    static final int ROWS = 1000;

    private final List<Map<String, Long>> rows =
            LongStream.range(0, ROWS).mapToObj(id -> Map.of("id", id)).toList();
    private final Ledger ledger = new Ledger("orders", new Forgotten(), ROWS);

    @Benchmark
    public long acknowledge() {
        OpenPage page = ledger.open(List.of("id"), ROWS);
        List<RecordOnPage> records = new ArrayList<>(ROWS);
        for (Map<String, Long> row : rows) {
            RecordOnPage record = new RecordOnPage(page, List.of(row));
            record.collected(1);
            record.ended(false, false);
            records.add(record);
        }
        page.close(ROWS, page.keyOf(rows.get(ROWS - 1)));
        records.forEach(record -> record.settleItems(1, Fate.DELIVERED));
        if (ledger.window() > 0) {
            throw new IllegalStateException("the page was not passed");
        }
        return ledger.tally().delivered();
    }

    /** A store that costs nothing. */
    static final class Forgotten implements Settlement {

        @Override
        public boolean inOrder() {
            return true;
        }

        @Override
        public void settle(List<SettledPage> pages) {}
    }
}
