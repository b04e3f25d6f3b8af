package dev.drover.batch;

import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Batches as a pipeline makes them, one lane after the other, for tests that need no route. */
public final class BatchFixture {

    private final List<SettledPage> passed = new ArrayList<>();
    private final Lanes lanes = new Lanes();
    private final Ledger ledger;

    public BatchFixture(String pipeline) {
        ledger = new Ledger(pipeline, new Noted(), 1000);
    }

    public Ledger ledger() {
        return ledger;
    }

    /** The pages that were passed, in order. */
    public List<SettledPage> passed() {
        return passed;
    }

    /** The next batch of the lane, with the records of these ids, all of one page, which is closed. */
    public Batch batch(String lane, int... ids) {
        Batch batch = lanes.follow(lane, ledger);
        OpenPage page = ledger.open(List.of("id"), ids.length);
        for (int id : ids) {
            RecordOnPage record = new RecordOnPage(page, List.of(Map.of("id", id)));
            batch.add(new BatchItem(Map.of("body", id), record, 0));
            record.collected(1);
            record.ended(false, false);
        }
        page.close(ids.length, page.keyOf(Map.of("id", IntStream.of(ids).max().orElseThrow())));
        return batch;
    }

    /** The exchange of the batch has ended, with whatever of it is settled by then. */
    @SuppressWarnings("NullAway") // the end looks at no exchange
    public static void end(Batch batch) {
        new BatchEnd(batch).onDone(null);
    }

    private final class Noted implements Settlement {

        @Override
        public boolean inOrder() {
            return true;
        }

        @Override
        public void settle(List<SettledPage> pages) {
            passed.addAll(pages);
        }
    }
}
