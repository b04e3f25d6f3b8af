package dev.drover.format;

import dev.drover.batch.Batch;
import dev.drover.batch.RecordJson;
import dev.drover.config.CheckedBean;
import dev.drover.config.Problem;
import dev.drover.ledger.RecordId;
import dev.drover.ledger.RecordOnPage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 in batched mode: a JSON array with one event for each record, with the record as its data.
 *
 * <p>The id of an event is a hash of the pipeline and the key of its record, and for a claimed record also of the number
 * of its claim. It is the same for each attempt, after a restart and in each process, so that a receiver can recognize a
 * record. It does not reveal the key. A later row with the key of a claimed row has another id. An event has no time,
 * because a time would differ between attempts.
 *
 * <p>The body must have one record for each record of the batch, in the same order. See {@link BatchFormat} for the
 * allowed records.
 */
public final class CloudEvents extends BatchFormat implements CheckedBean {

    private static final String OPERATION = "{operation}";

    private @Nullable String source;
    private @Nullable String type;
    private String head = "";

    /**
     * The source of the events: a URI reference such as {@code /shop/orders}; required. Pipelines may share it, but two
     * installations must not if they read different databases under the same pipeline names.
     */
    public void setSource(String source) {
        if (source.isBlank() || !isUriReference(source)) {
            throw notAllowed("source", source, "a URI reference such as /shop/orders");
        }
        this.source = source;
    }

    private static boolean isUriReference(String text) {
        try {
            return new URI(text).toString().equals(text);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * The type of the events, such as {@code com.example.order.created}; required. In a pipeline with changes,
     * <code>{operation}</code> in it stands for {@code upsert} or {@code delete}.
     */
    public void setType(String type) {
        if (type.isBlank() || type.chars().anyMatch(Character::isISOControl)) {
            throw notAllowed("type", type, "a name such as com.example.order.created");
        }
        this.type = type;
    }

    private static IllegalArgumentException notAllowed(String property, String value, String allowed) {
        return new IllegalArgumentException(property + ": '" + value + "' is not allowed, it must be " + allowed);
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (source == null) {
            problems.add(new Problem("source", "is missing; it must be a URI reference such as /shop/orders"));
        }
        if (type == null) {
            problems.add(new Problem("type", "is missing; it must be a name such as com.example.order.created"));
        }
        return problems;
    }

    /** Prepares the common beginning of all events. */
    @Override
    protected void doStart() {
        if (source == null || type == null) {
            throw new IllegalArgumentException(problems().stream()
                    .map(problem -> problem.property() + ": " + problem.message())
                    .collect(Collectors.joining("; ")));
        }
        head = "{\"specversion\":\"1.0\",\"source\":" + RecordJson.quoted(source) + ",\"type\":"
                + RecordJson.quoted(type) + ",\"datacontenttype\":\"application/json\",\"id\":\"";
    }

    @Override
    String contentType() {
        return "application/cloudevents-batch+json";
    }

    @Override
    void write(Exchange exchange, List<?> records, OutputStream out) throws IOException {
        List<String> ids = ids(exchange);
        if (ids.size() != records.size()) {
            throw new IllegalStateException("the body has " + records.size() + " records and the batch " + ids.size()
                    + ": each event needs the key of its record, so change records before the aggregate");
        }
        for (int i = 0; i < ids.size(); i++) {
            out.write(i == 0 ? '[' : ',');
            out.write(headOf(records.get(i)).getBytes(StandardCharsets.UTF_8));
            out.write((ids.get(i) + "\",\"data\":").getBytes(StandardCharsets.US_ASCII));
            out.write(RecordJson.of(records.get(i)));
            out.write('}');
        }
        out.write(']');
    }

    private String headOf(Object record) {
        boolean named = head.contains(OPERATION);
        if (named && !(record instanceof Map<?, ?> change && change.get("operation") instanceof String)) {
            throw new IllegalStateException("a record is not a change: " + OPERATION
                    + " in the type of the events needs a" + " pipeline with changes: true");
        }
        return named ? head.replace(OPERATION, String.valueOf(((Map<?, ?>) record).get("operation"))) : head;
    }

    private static List<String> ids(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            return batch.items().stream()
                    .map(item -> RecordId.of(batch.ledger(), item.key()))
                    .toList();
        }
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record == null) {
            throw new IllegalStateException("events need a batch or a record of a page, and the exchange has neither");
        }
        return record.keys().stream()
                .map(key -> RecordId.of(record.page().ledger(), key))
                .toList();
    }
}
