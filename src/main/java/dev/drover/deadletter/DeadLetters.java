package dev.drover.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the dead-letter route needs around its INSERT: before it, the columns of the dead letter as the body; after it,
 * the record is settled. Works for a record that failed inside the split and for the lone record of a refused batch.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LONGEST_KEY = 1000;
    private static final int LONGEST_REASON = 2000;
    private static final int LONGEST_DESTINATION = 500;

    private boolean keepsPayload = true;
    private Duration kept = Duration.ZERO;

    public boolean isPayload() {
        return keepsPayload;
    }

    /**
     * Whether a dead letter has what was to be sent, which may be personal data; true by default. Without it, it has
     * the key and the reason, and can not be sent again.
     */
    public void setPayload(boolean payload) {
        keepsPayload = payload;
    }

    /** For how long dead letters are kept; zero is for ever. */
    Duration kept() {
        return kept;
    }

    /**
     * For how long dead letters are kept: {@code 90d}, {@code 12h}, {@code 30m}, {@code 5s} or {@code P90D}; for ever by
     * default, which is {@code 0}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public void setRetention(String retention) {
        kept = Age.parse("drover.deadletters.retention", retention);
    }

    /**
     * Makes the body a map with the columns of {@code drover_dead_letter}. The id is a hash of the pipeline, its run,
     * the route that delivers to the destination and the key: writing the same dead letter again after a crash is seen
     * as such, while another destination's refusal, and one of a later run, are dead letters of their own.
     */
    public void describe(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        exchange.getMessage().setBody(batch == null ? ofRecord(exchange) : ofBatch(exchange, batch));
    }

    private Map<String, @Nullable Object> ofRecord(Exchange exchange) {
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record.rows().size() != 1) {
            throw new IllegalStateException("a slice of records is not set aside as one; split the page by record");
        }
        Object row = record.rows().get(0);
        return columns(exchange, record.page().ledger(), null, record.page().keyOf(row), row);
    }

    private Map<String, @Nullable Object> ofBatch(Exchange exchange, Batch batch) {
        if (batch.getSize() != 1) {
            throw new IllegalStateException(
                    "only a lone record becomes a dead letter, not a batch of " + batch.getSize());
        }
        BatchItem item = batch.items().get(0);
        Map<String, @Nullable Object> columns =
                columns(exchange, batch.ledger(), refusedIn(exchange), item.key(), item.body());
        if (item.row() instanceof ReplayedRecord replayed) {
            // Its INSERT finds that it is known already, and it stays as it is.
            columns.put("id", replayed.letter().id());
            columns.put("key", replayed.letter().key());
        }
        return columns;
    }

    /** The route that delivers to the destination: a replay sends through it again. */
    private static @Nullable String refusedIn(Exchange exchange) {
        return exchange.getProperty(ExchangePropertyKey.FAILURE_ROUTE_ID, String.class);
    }

    /** The dead letter is durable: the record is settled. */
    public void settle(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            batch.items().forEach(DeadLetters::noteReplayed);
            batch.deadLettered();
            LOG.warn("{}: a record was refused and set aside as a dead letter", batch.getPipeline());
            return;
        }
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        record.deadLettered();
        LOG.warn(
                "{}: a record failed in a step and was set aside as a dead letter",
                record.page().ledger().pipeline());
    }

    private static void noteReplayed(BatchItem item) {
        if (item.row() instanceof ReplayedRecord replayed) {
            replayed.refuseAgain();
        }
    }

    private Map<String, @Nullable Object> columns(
            Exchange exchange, Ledger ledger, @Nullable String refusedIn, Cursor key, Object payload) {
        String given = exchange.getProperty("destination", String.class);
        String destination = cut(given == null ? refusedIn : given, LONGEST_DESTINATION);
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("id", id(ledger, destination, key));
        columns.put("pipeline", ledger.pipeline());
        columns.put("destination", destination);
        columns.put("key", cut(key.toString(), LONGEST_KEY));
        columns.put("reason", cut(reason(exchange), LONGEST_REASON));
        columns.put("status", exchange.getProperty("status", Integer.class));
        columns.put("payload", keepsPayload ? json(payload) : null);
        return columns;
    }

    private static String reason(Exchange exchange) {
        String given = exchange.getProperty("reason", String.class);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        return given != null && !given.isBlank() ? given : String.valueOf(failure);
    }

    /** None when it can not be written as JSON: the dead letter then refers to the record by its key. */
    private static @Nullable String json(Object payload) {
        try {
            return MAPPER.writeValueAsString(payload);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static @Nullable String cut(@Nullable String text, int longest) {
        return text == null || text.length() <= longest ? text : text.substring(0, longest);
    }

    private static String id(Ledger ledger, @Nullable String destination, Cursor key) {
        MessageDigest digest = sha256();
        String where = destination == null ? "" : destination;
        for (String part : List.of(ledger.pipeline(), Long.toString(ledger.run()), where, key.toString())) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
