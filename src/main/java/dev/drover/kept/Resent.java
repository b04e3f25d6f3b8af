package dev.drover.kept;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.Remembered;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/**
 * A kept batch on its way a second time: through its delivery route like any other, with a ledger beside that of the
 * pipeline, because its records are not on a page that was read.
 */
final class Resent {

    private final KeptStore.Kept kept;
    private final List<KeptRow> records = new ArrayList<>();
    private final Batch batch;

    Resent(KeptStore.Kept kept, Ledger pipeline) {
        this.kept = kept;
        Ledger ledger = pipeline.beside(kept.keys().size());
        List<RecordOnPage> onPages = new ArrayList<>();
        for (String key : kept.keys()) {
            Cursor cursor = Remembered.key(pipeline.pipeline(), key);
            KeptRow record = new KeptRow(cursor, key);
            records.add(record);
            onPages.add(new RecordOnPage(ledger.open(cursor.columns(), 1), List.of(record)));
        }
        batch = Batch.sentBefore(ledger, onPages, records, kept.name().id());
        onPages.forEach(Resent::close);
    }

    private static void close(RecordOnPage record) {
        record.ended(false, false);
        record.page().close(1, record.key(0));
    }

    /** The kept batch of which this is the second way, or a part of it; empty if the batch is a new one. */
    static Optional<Resent> of(Batch batch) {
        return batch.items().stream()
                .findFirst()
                .filter(item -> item.row() instanceof KeptRow)
                .map(item -> ((KeptRow) item.row()).resent());
    }

    /** Its records that are not settled yet were refused, or are left over: they are read again. */
    static void leaveToBeReadAgain(Batch batch) {
        for (BatchItem item : batch.items()) {
            if (item.row() instanceof KeptRow record && !item.isSettled()) {
                record.refused = true;
            }
        }
        batch.leftToBeReadAgain();
    }

    KeptStore.Kept kept() {
        return kept;
    }

    Batch batch() {
        return batch;
    }

    /** Sends it through the route that begins with this endpoint; returns when its exchange has ended. */
    void deliver(ProducerTemplate template, Endpoint route) {
        Exchange exchange = DefaultExchange.newFromEndpoint(route);
        exchange.setProperty(Batch.PROPERTY, batch);
        exchange.getMessage().setBody(batch.bodies());
        batch.ledger().deliveries().begin(batch);
        Exchange unused = template.send(route, exchange);
        batch.ledger().deliveries().end(batch);
    }

    /** The keys of its records that were accepted. */
    List<String> accepted() {
        return records.stream()
                .filter(record -> !record.refused)
                .map(record -> record.key)
                .toList();
    }

    /**
     * A record of the batch, as the row of a page: of its columns only the key is known. It is marked when it is refused,
     * so that it is read again. Thread-safe.
     */
    private final class KeptRow extends AbstractMap<String, Object> {

        private final Map<String, Object> columns = new LinkedHashMap<>();
        private final String key;
        private volatile boolean refused;

        KeptRow(Cursor cursor, String key) {
            for (int i = 0; i < cursor.columns().size(); i++) {
                columns.put(cursor.columns().get(i), cursor.values().get(i));
            }
            this.key = key;
        }

        private Resent resent() {
            return Resent.this;
        }

        @Override
        public Set<Map.Entry<String, Object>> entrySet() {
            return columns.entrySet();
        }
    }
}
