package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/**
 * Dead letters of one pipeline on their way to one destination: a batch like any other, with a ledger of its own in
 * which each dead letter is a page, so that each is removed by itself as soon as it is settled.
 */
final class ReplayBatch {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Map<String, ReplayedRecord> records = new LinkedHashMap<>();
    private final ReplayClaim claim;
    private final Ledger ledger;
    private final Batch batch;

    /** A batch of letters that were claimed by this. */
    ReplayBatch(DeadLetterStore store, ReplayClaim claim, List<DeadLetter> letters) {
        this.claim = claim;
        ledger = new Ledger(letters.get(0).pipeline(), new Removal(store, claim.lease(), records), letters.size());
        List<RecordOnPage> onPages = new ArrayList<>();
        List<Object> bodies = new ArrayList<>();
        for (DeadLetter letter : letters) {
            ReplayedRecord record = new ReplayedRecord(letter);
            records.put(letter.id(), record);
            onPages.add(new RecordOnPage(ledger.open(List.of(ReplayedRecord.KEY), 1), List.of(record)));
            bodies.add(new RawJson(String.valueOf(letter.payload())));
        }
        batch = Batch.of(ledger, onPages, bodies);
        onPages.forEach(ReplayBatch::close);
    }

    private static void close(RecordOnPage record) {
        OpenPage page = record.page();
        Cursor id = page.keyOf(record.rows().get(0));
        record.ended(false, false);
        page.close(1, id);
    }

    Ledger ledger() {
        return ledger;
    }

    /**
     * Keeps other replays away from them; to be called well before the claim ends.
     *
     * @throws DeadLetterException if the store can not be used now; nothing is sent when the claim has ended
     */
    void renew() {
        claim.renew();
        if (claim.lease().isLost()) {
            ledger.halt("another replay sends these dead letters, or they are gone");
        }
    }

    /** Sends the batch through the route that begins with this endpoint; returns when its exchange has ended. */
    void deliver(ProducerTemplate template, Endpoint route) throws InterruptedException {
        Exchange exchange = DefaultExchange.newFromEndpoint(route);
        exchange.setProperty(Batch.PROPERTY, batch);
        exchange.getMessage().setBody(batch.bodies());
        ledger.deliveries().begin(batch);
        template.send(route, exchange);
        ledger.deliveries().end(batch);
        while (batch.unsettled() == 0 && !ledger.awaitSettled(PATIENCE)) {
            ledger.retryWrites();
        }
    }

    /** How many were refused again, and stay. */
    long refusedAgain() {
        return records.values().stream().filter(ReplayedRecord::isRefusedAgain).count();
    }

    /** How many were neither delivered nor refused, and stay. */
    long unsettled() {
        return batch.unsettled();
    }

    int size() {
        return records.size();
    }
}
