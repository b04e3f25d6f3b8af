package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A pipeline in one thread, without Camel: it may die at any step, and what it has done is checked after each. */
final class LedgerModel {

    static final int MAX_IN_FLIGHT = 12;
    private static final List<String> KEY = List.of("id");

    private final int rows;
    private final int pageSize;
    private final Random random;
    private final DurableModel durable;
    private final int[] done;
    private int crashes;

    private Ledger ledger;
    private int readTo;
    private boolean drained;
    private BitSet settledNow = new BitSet();
    private BitSet durableAtStart = new BitSet();
    private BitSet passed = new BitSet();
    private final List<Integer> endedInRoute = new ArrayList<>();
    private final Deque<Integer> unrouted = new ArrayDeque<>();
    private final List<List<Integer>> closedPages = new ArrayList<>();
    private final List<Held> collected = new ArrayList<>();
    private final List<List<Held>> batches = new ArrayList<>();
    private @Nullable OpenPage page;
    private List<Integer> pageIds = List.of();

    record Held(RecordOnPage record, int id, int items) {}

    LedgerModel(boolean inOrder, int rows, int pageSize, long seed) {
        this.rows = rows;
        this.pageSize = pageSize;
        this.random = new Random(seed);
        this.durable = new DurableModel(inOrder);
        this.done = new int[rows + 1];
        this.ledger = new Ledger("orders", durable, MAX_IN_FLIGHT);
    }

    /** Opens the next page if there is room, else routes some records of the page that is open. */
    void read() throws InterruptedException {
        if (page != null) {
            routeSome();
        } else if (ledger.halted().isEmpty() && ledger.awaitRoom(pageSize, Duration.ZERO)) {
            page = ledger.open(KEY, pageSize);
            pageIds = IntStream.rangeClosed(readTo + 1, rows)
                    .filter(id -> !durable.isSettled(id))
                    .limit(pageSize)
                    .boxed()
                    .toList();
            unrouted.addAll(pageIds);
            drained = pageIds.isEmpty();
            if (drained) {
                page.discard();
                page = null;
            } else {
                readTo = pageIds.get(pageIds.size() - 1);
                durable.pageOf(readTo, pageIds);
            }
        }
    }

    private void routeSome() {
        for (int n = random.nextInt(pageSize) + 1; n > 0 && !unrouted.isEmpty(); n--) {
            route(unrouted.removeFirst());
        }
        if (unrouted.isEmpty()) {
            closePage(false);
        }
    }

    private void closePage(boolean lost) {
        OpenPage ending = page;
        page = null;
        closedPages.add(pageIds);
        if (!lost) {
            endedInRoute.forEach(passed::set);
        }
        endedInRoute.clear();
        ending.close(pageIds.size(), new Cursor(KEY, List.of(readTo)));
    }

    private void route(int id) {
        RecordOnPage record = new RecordOnPage(page, List.of(Map.of("id", id)));
        switch (random.nextInt(8)) {
            case 0 -> {
                settle(id);
                endedInRoute.add(id);
                record.ended(false, false);
            }
            case 1 -> {
                settle(id);
                endedInRoute.add(id);
                record.deadLettered();
                record.ended(random.nextBoolean(), true);
            }
            default -> {
                int items = random.nextInt(3) + 1;
                record.collected(items);
                collected.add(new Held(record, id, items));
                record.ended(false, random.nextBoolean());
            }
        }
    }

    /** A record of the open page ends in a way that loses it: the pipeline must halt before it. */
    void loseOne() {
        if (page == null || unrouted.isEmpty()) {
            return;
        }
        RecordOnPage record = new RecordOnPage(page, List.of(Map.of("id", unrouted.removeFirst())));
        switch (random.nextInt(3)) {
            case 0 -> record.ended(true, false);
            case 1 -> record.ended(false, true);
            default -> {} // its end is never seen
        }
        while (!unrouted.isEmpty()) {
            route(unrouted.removeFirst());
        }
        closePage(true);
        assertThat(ledger.halted()).isPresent();
    }

    void closeBatch() {
        if (!collected.isEmpty()) {
            batches.add(List.copyOf(collected));
            collected.clear();
        }
    }

    /** Settles any of the batches, some of their records as dead letters, item by item. */
    void settleBatch() {
        if (batches.isEmpty()) {
            return;
        }
        for (Held held : batches.remove(random.nextInt(batches.size()))) {
            if (random.nextInt(5) == 0) {
                held.record().deadLettered();
            }
            for (int item = 1; item < held.items(); item++) {
                held.record().settleItems(1, Fate.DELIVERED);
            }
            settle(held.id());
            passed.set(held.id());
            held.record().settleItems(1, Fate.DELIVERED);
        }
        ledger.writing().writeRecords();
    }

    void failWrites() {
        durable.fail(random.nextInt(3) + 1);
    }

    void retryWrites() {
        ledger.writing().write();
    }

    /** Forgets everything but what is durable. */
    void crash() {
        crashes++;
        // What is known to have been read and is not durable is what will be read again.
        long again = IntStream.rangeClosed(1, readTo)
                .filter(id -> !durable.isSettled(id))
                .count();
        assertThat(again).isLessThanOrEqualTo(MAX_IN_FLIGHT);
        durable.newLife();
        ledger = new Ledger("orders", durable, MAX_IN_FLIGHT);
        readTo = 0;
        drained = false;
        settledNow = new BitSet();
        durableAtStart = durable.settledIds();
        passed = new BitSet();
        endedInRoute.clear();
        page = null;
        unrouted.clear();
        closedPages.clear();
        collected.clear();
        batches.clear();
    }

    private void settle(int id) {
        settledNow.set(id);
        done[id]++;
    }

    void check() {
        BitSet unsettled = durable.settledIds();
        unsettled.andNot(settledNow);
        unsettled.andNot(durableAtStart);
        assertThat(unsettled.isEmpty())
                .as("durable without being settled: %s", unsettled)
                .isTrue();
        assertThat(ledger.window()).isBetween(0L, (long) MAX_IN_FLIGHT);
        assertThat(durable.marks().values()).allMatch(times -> times == 1);
        if (!durable.hasFailed()) {
            assertThat(durable.settledIds()).as("all that may be passed is").isEqualTo(passable());
        }
        if (page == null && ledger.halted().isEmpty()) {
            long known = IntStream.rangeClosed(1, readTo)
                    .filter(id -> !durable.isSettled(id))
                    .count();
            assertThat(ledger.window()).isEqualTo(known);
        }
    }

    /** In order, up to the first page with an unsettled record; else each settled record. */
    private BitSet passable() {
        BitSet passable = (BitSet) durableAtStart.clone();
        if (!durable.inOrder()) {
            passable.or(passed);
            return passable;
        }
        for (List<Integer> ids : closedPages) {
            if (!ids.stream().allMatch(settledNow::get)) {
                break;
            }
            ids.forEach(passable::set);
        }
        return passable;
    }

    /** Lets everything end well, then looks whether each record has arrived. */
    void finish() throws InterruptedException {
        durable.fail(0);
        // The last rows may be claims that an earlier life settled, so only an empty page says that all are read.
        for (int turn = 0; !drained || !ledger.awaitSettled(Duration.ZERO); turn++) {
            assertThat(turn).as("the pipeline goes on").isLessThan(50 * rows);
            if (ledger.halted().isPresent()) {
                crash();
            }
            read();
            closeBatch();
            settleBatch();
            retryWrites();
            check();
        }
        assertThat(durable.settledIds().cardinality()).isEqualTo(rows);
        assertThat(IntStream.rangeClosed(1, rows)).allMatch(id -> done[id] >= 1);
        assertThat(IntStream.rangeClosed(1, rows).map(id -> done[id] - 1).sum())
                .isLessThanOrEqualTo(crashes * MAX_IN_FLIGHT);
    }

    /** A settlement that outlives the process. */
    private static final class DurableModel implements Settlement {

        private final boolean inOrder;
        private final BitSet settled = new BitSet();
        private final Map<Integer, List<Integer>> pages = new HashMap<>();
        private final Map<Integer, Integer> marks = new HashMap<>();
        private int failures;
        private boolean failed;

        DurableModel(boolean inOrder) {
            this.inOrder = inOrder;
        }

        @Override
        public boolean inOrder() {
            return inOrder;
        }

        @Override
        public void settle(List<SettledPage> written) {
            failed = failures-- > 0;
            if (failed) {
                throw new SettlementException("not now", new IllegalStateException());
            }
            for (SettledPage each : written) {
                int last = (Integer) each.last().values().get(0);
                assertThat(each.rows()).isEqualTo(inOrder ? pages.get(last).size() : 1);
                marks.merge(last, 1, Integer::sum);
                if (!inOrder) {
                    settled.set(last);
                }
            }
            if (inOrder) {
                Cursor to = written.get(written.size() - 1).last();
                settled.set(1, 1 + (Integer) to.values().get(0));
            }
        }

        void pageOf(int last, List<Integer> ids) {
            pages.put(last, ids);
        }

        void fail(int times) {
            failures = times;
        }

        void newLife() {
            failures = 0;
            failed = false;
            marks.clear();
        }

        boolean hasFailed() {
            return failed;
        }

        boolean isSettled(int id) {
            return settled.get(id);
        }

        BitSet settledIds() {
            return (BitSet) settled.clone();
        }

        Map<Integer, Integer> marks() {
            return marks;
        }
    }
}
