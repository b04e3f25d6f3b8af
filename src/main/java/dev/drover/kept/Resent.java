package dev.drover.kept;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.Ledger;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A kept batch that is sent again, through its delivery route like any other. It has its own ledger beside the ledger of
 * the pipeline, because its records are not on a page.
 */
final class Resent {

    private final KeptStore.Kept kept;
    private final List<KeptRow> records = new ArrayList<>();
    private final Batch batch;

    Resent(KeptStore.Kept kept, Ledger pipeline) {
        this.kept = kept;
        for (String key : kept.keys()) {
            records.add(new KeptRow(CursorJson.read(pipeline.pipeline(), key), key));
        }
        batch = Batch.sentBefore(
                pipeline.beside(records.size()), records, records, kept.name().id());
    }

    /** The kept batch of a resent batch or of a part of it; empty for a new batch. */
    static Optional<Resent> of(Batch batch) {
        return batch.items().stream()
                .findFirst()
                .filter(item -> item.row() instanceof KeptRow)
                .map(item -> ((KeptRow) item.row()).resent());
    }

    /** Its unsettled records were refused or are left over: they are read again. */
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

    /** The keys of its records that were accepted. */
    List<String> accepted() {
        return records.stream()
                .filter(record -> !record.refused)
                .map(record -> record.key)
                .toList();
    }

    /**
     * A record of the batch as a row with only its key columns. A refused record is marked, to be read again. Thread-safe.
     */
    private final class KeptRow extends AbstractMap<String, Object> {

        private final Map<String, Object> columns;
        private final String key;
        private volatile boolean refused;

        KeptRow(Cursor cursor, String key) {
            this.columns = cursor.asRow();
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
