package dev.drover.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordId;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.Sha256;
import dev.drover.store.DeadLetter;
import dev.drover.store.StoredText;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * A record to set aside, in the state of its refusal; later failures do not change it.
 *
 * @param columns the columns of {@code drover_dead_letter}, by the names of their parameters
 * @param routeId the delivery route; null if the record failed before delivery
 */
record RefusedRecord(Map<String, @Nullable Object> columns, @Nullable String routeId) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int ID_BYTES = 32;
    static final int LONGEST_KEY = 1000;
    static final int LONGEST_REASON = 2000;
    private static final int LONGEST_DESTINATION = 500;

    /** From the record of the exchange or the lone record of its batch. */
    static RefusedRecord of(Exchange exchange, boolean keepsPayload) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        return batch == null ? ofRecord(exchange, keepsPayload) : ofBatch(exchange, batch, keepsPayload);
    }

    private static RefusedRecord ofRecord(Exchange exchange, boolean keepsPayload) {
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record.rows().size() != 1) {
            throw new IllegalStateException("a slice of records cannot be set aside; split the page by record");
        }
        Object row = record.rows().get(0);
        Map<String, @Nullable Object> columns = columns(exchange, record.page().ledger(), null, record.key(0));
        columns.put("payload", keepsPayload ? json(row) : null);
        return new RefusedRecord(columns, null);
    }

    private static RefusedRecord ofBatch(Exchange exchange, Batch batch, boolean keepsPayload) {
        if (batch.getSize() != 1) {
            throw new IllegalStateException(
                    "only a lone record becomes a dead letter, not a batch of " + batch.getSize());
        }
        // a replay sends it through this route again
        String routeId = exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class);
        BatchItem item = batch.items().get(0);
        Map<String, @Nullable Object> columns = columns(exchange, batch.ledger(), routeId, item.key());
        columns.put("payload", keepsPayload ? json(item.body()) : null);
        return new RefusedRecord(columns, routeId);
    }

    private static Map<String, @Nullable Object> columns(
            Exchange exchange, Ledger ledger, @Nullable String routeId, Cursor key) {
        String given = exchange.getProperty("destination", String.class);
        String destination = StoredText.of(given == null ? routeId : given, LONGEST_DESTINATION);
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("id", id(ledger, destination, key));
        columns.put("pipeline", ledger.pipeline());
        columns.put("destination", destination);
        columns.put("key", StoredText.of(key.toString(), LONGEST_KEY));
        columns.put("cursor", exact(key));
        columns.put("reason", StoredText.of(reason(exchange), LONGEST_REASON));
        columns.put("status", exchange.getProperty("status", Integer.class));
        ReplayChunk.of(ledger).ifPresent(replay -> {
            // the INSERT finds this id in the store and changes nothing
            DeadLetter known = replay.refuseAgain(key, destination);
            columns.put("id", known.id());
            columns.put("key", known.key());
            columns.put("cursor", known.cursor());
        });
        return columns;
    }

    /** Null if the key has a type that no checkpoint supports. */
    private static @Nullable String exact(Cursor key) {
        try {
            return CursorJson.write(key);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String reason(Exchange exchange) {
        String given = exchange.getProperty("reason", String.class);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        return given != null && !given.isBlank() ? given : Cause.named(failure);
    }

    /** Null if it cannot be written as JSON; then the dead letter has only the key of the record. */
    private static @Nullable String json(Object payload) {
        try {
            String json = MAPPER.writeValueAsString(payload);
            return StoredText.of(json).equals(json) ? json : StoredText.asciiJson(json);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String id(Ledger ledger, @Nullable String destination, Cursor key) {
        Sha256 hash = new Sha256()
                .add(ledger.pipeline())
                .add(Long.toString(ledger.settlement().run()))
                .add(destination == null ? "" : destination);
        RecordId.addTo(hash, ledger, key);
        return hash.hex(ID_BYTES);
    }
}
