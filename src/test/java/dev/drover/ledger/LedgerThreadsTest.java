package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several threads settle at random while one reads, and every fifth write fails. */
@Timeout(20)
class LedgerThreadsTest {

    private static final int ROWS = 40_000;
    private static final int PAGE = 20;
    private static final int MAX_IN_FLIGHT = 200;
    private static final List<String> KEY = List.of("id");

    private final AtomicReferenceArray<@Nullable Boolean> settled = new AtomicReferenceArray<>(ROWS + 1);
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPassEachPageOnceWhenManyThreadsSettle(boolean inOrder) throws InterruptedException {
        // Given
        Checked written = new Checked(inOrder);
        Ledger ledger = new Ledger("orders", written, MAX_IN_FLIGHT);
        ExecutorService deliveries = Executors.newFixedThreadPool(4);

        // When
        for (int first = 1; first <= ROWS; first += PAGE) {
            while (!ledger.awaitRoom(PAGE, Duration.ofMillis(1))) {
                assertThat(ledger.halted()).isEmpty();
                ledger.writing().write();
            }
            readPage(ledger, first, deliveries);
            check(ledger.window() <= MAX_IN_FLIGHT, "the window is too wide");
        }
        deliveries.shutdown();
        check(deliveries.awaitTermination(30, TimeUnit.SECONDS), "deliveries hang");
        while (!ledger.awaitSettled(Duration.ofMillis(1))) {
            assertThat(ledger.halted()).isEmpty();
            ledger.writing().write();
        }

        // Then
        assertThat(wrong.get()).isNull();
        assertThat(ledger.halted()).isEmpty();
        assertThat(ledger.window()).isZero();
        assertThat(written.pages).hasSize(inOrder ? ROWS / PAGE : ROWS);
    }

    private void readPage(Ledger ledger, int first, ExecutorService deliveries) {
        OpenPage page = ledger.open(KEY, PAGE);
        for (int id = first; id < first + PAGE; id++) {
            RecordOnPage record = new RecordOnPage(page, List.of(Map.of("id", id)));
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                settled.set(id, true);
            } else {
                record.collected(1);
                int delivered = id;
                deliveries.execute(() -> {
                    settled.set(delivered, true);
                    record.settleItems(1, Fate.DELIVERED);
                    ledger.writing().writeRecords();
                });
            }
            record.ended(false, false);
        }
        page.close(PAGE, new Cursor(KEY, List.of(first + PAGE - 1)));
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            wrong.compareAndSet(null, otherwise);
        }
    }

    private final class Checked implements Settlement {

        private final boolean inOrder;
        private final ConcurrentHashMap<Integer, Boolean> pages = new ConcurrentHashMap<>();
        private final AtomicBoolean writing = new AtomicBoolean();
        private final AtomicInteger last = new AtomicInteger();

        Checked(boolean inOrder) {
            this.inOrder = inOrder;
        }

        @Override
        public boolean inOrder() {
            return inOrder;
        }

        @Override
        public void settle(List<SettledPage> written) {
            check(writing.compareAndSet(false, true), "two threads write");
            boolean fails = ThreadLocalRandom.current().nextInt(5) == 0;
            if (!fails) {
                written.forEach(this::settle);
            }
            writing.set(false);
            if (fails) {
                throw new SettlementException("not now", new IllegalStateException());
            }
        }

        private void settle(SettledPage page) {
            int to = (Integer) page.last().values().get(0);
            check(pages.putIfAbsent(to, true) == null, "what ends at " + to + " is written twice");
            check(!inOrder || last.getAndSet(to) == to - PAGE, "page " + to + " is out of order");
            for (int id = to - page.rows() + 1; id <= to; id++) {
                check(settled.get(id) != null, "record " + id + " is passed and not settled");
            }
        }
    }
}
