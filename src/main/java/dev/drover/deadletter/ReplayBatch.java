package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.RecordOnPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/**
 * The payloads of dead letters on their way to one destination: a batch like any other, in which each dead letter is a
 * page, with its id for a key.
 */
final class ReplayBatch {

    private static final String KEY = "id";

    private final ReplayChunk chunk;
    private final Batch batch;

    ReplayBatch(ReplayChunk chunk) {
        this.chunk = chunk;
        List<RecordOnPage> onPages = new ArrayList<>();
        List<Object> bodies = new ArrayList<>();
        for (ReplayedLetter each : chunk.letters()) {
            String id = each.letter().id();
            chunk.expect(new Cursor(List.of(KEY), List.of(id)), List.of(each));
            onPages.add(new RecordOnPage(chunk.ledger().open(List.of(KEY), 1), List.of(Map.of(KEY, id))));
            bodies.add(new RawJson(String.valueOf(each.letter().payload())));
        }
        batch = Batch.of(chunk.ledger(), onPages, bodies);
        onPages.forEach(ReplayBatch::close);
    }

    private static void close(RecordOnPage record) {
        record.ended(false, false);
        record.page().close(1, record.key(0));
    }

    /** Sends the batch through the route that begins with this endpoint; returns when its exchange has ended. */
    void deliver(ProducerTemplate template, Endpoint route) throws InterruptedException {
        Exchange exchange = DefaultExchange.newFromEndpoint(route);
        exchange.setProperty(Batch.PROPERTY, batch);
        exchange.getMessage().setBody(batch.bodies());
        chunk.ledger().deliveries().begin(batch);
        template.send(route, exchange);
        chunk.ledger().deliveries().end(batch);
        if (batch.unsettled() == 0) {
            chunk.awaitSettled();
        }
    }
}
