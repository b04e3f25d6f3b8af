package dev.drover.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The answers of bulk interfaces of document stores, with one item for each record in order: the {@code _bulk} of
 * Elasticsearch and OpenSearch, which is 200 although items failed, and the {@code _bulk_docs} of CouchDB, which is 201
 * although documents conflict.
 */
final class BulkItems implements Policy {

    /** What CouchDB says instead of a status. */
    private static final Map<String, Integer> COUCHDB = Map.of(
            "conflict", 409, "forbidden", 422, "bad_request", 400, "document_too_large", 413, "doc_validation", 422);

    private static final int ACCEPTED = 200;
    private static final int UNAVAILABLE = 503;

    private final Conflict conflict;

    BulkItems(Conflict conflict) {
        this.conflict = conflict;
    }

    @Override
    public List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        JsonNode root = answer.json();
        List<Fate> fates = new ArrayList<>();
        for (JsonNode item : Items.of(root.isArray() ? root : root.path("items"), bodies.size())) {
            fates.add(root.isArray() ? document(item) : action(item));
        }
        return fates;
    }

    /** {@code {"index": {"status": 400, "error": {"type": ..., "reason": ...}}}}. */
    private Fate action(JsonNode item) throws UnreadableAnswerException {
        if (!item.isObject() || item.size() != 1) {
            throw new UnreadableAnswerException("an item of the answer is not of one action");
        }
        JsonNode result = item.elements().next();
        JsonNode error = result.path("error");
        int status = Items.status(result.path("status"));
        if (status < 300 && !error.isMissingNode()) {
            throw new UnreadableAnswerException("an item of the answer is a success with an error");
        }
        String type = Items.text(error.path("type"));
        String reason = error.isObject() ? type + ": " + Items.text(error.path("reason")) : Items.text(error);
        return ItemStatus.fate(status, reason, conflict);
    }

    /** {@code {"ok": true, "id": ..., "rev": ...}} or {@code {"id": ..., "error": "conflict", "reason": ...}}. */
    private Fate document(JsonNode item) throws UnreadableAnswerException {
        JsonNode error = item.path("error");
        if (error.isMissingNode()) {
            if (!item.path("ok").asBoolean() && !item.hasNonNull("rev")) {
                throw new UnreadableAnswerException("an item of the answer is neither ok nor an error");
            }
            return ItemStatus.fate(ACCEPTED, "", conflict);
        }
        int status = COUCHDB.getOrDefault(error.asText(), UNAVAILABLE);
        return ItemStatus.fate(status, error.asText() + ": " + Items.text(item.path("reason")), conflict);
    }
}
