package dev.drover.outcome;

import static java.util.Collections.nCopies;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The policies by name: each reads the answers of one kind of service. */
final class Policies {

    /**
     * Reads an answer. An answer that does not give the result of every record accepts none of them.
     *
     * @see PolicySettings#read
     */
    private interface Policy {
        List<Fate> read(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
                throws UnreadableAnswerException;
    }

    static final String STATUS = "status";

    private static final int MULTI_STATUS = 207;
    private static final int ACCEPTED = 200;
    private static final int UNAVAILABLE = 503;

    /** The errors of CouchDB, which gives no status. */
    private static final Map<String, Integer> COUCHDB = Map.of(
            "conflict", 409, "forbidden", 422, "bad_request", 400, "document_too_large", 413, "doc_validation", 422);

    private static final Map<String, Policy> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put(STATUS, Policies::status);
        BY_NAME.put("multi-status", Policies::multiStatus);
        BY_NAME.put("items", Policies::items);
        BY_NAME.put("bulk-items", Policies::bulkItems);
        BY_NAME.put("batch-item-failures", Policies::batchItemFailures);
        BY_NAME.put("json-pointer", Policies::failedList);
        BY_NAME.put("stored-before", Policies::storedBefore);
    }

    private Policies() {}

    /** The names, the most common first. */
    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    static List<Fate> read(String policy, PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        return Objects.requireNonNull(BY_NAME.get(policy)).read(settings, answer, bodies, attempt);
    }

    /** Only the status counts. A 207 cannot be read this way, because its items have the statuses. */
    private static List<Fate> status(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        if (answer.status() == MULTI_STATUS) {
            throw new UnreadableAnswerException("status 207 has a status for each record, and only its items say which"
                    + " are accepted; set one of the policies that read them, such as multi-status or bulk-items");
        }
        return allAccepted(answer, bodies);
    }

    private static List<Fate> allAccepted(Answer answer, List<?> bodies) throws UnreadableAnswerException {
        if (!answer.isSuccess()) {
            throw new UnreadableAnswerException("status " + answer.status() + " is not a success");
        }
        return nCopies(bodies.size(), Fate.ACCEPTED);
    }

    /** A 207 has items; any other success accepts the whole batch. */
    private static List<Fate> multiStatus(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        return answer.status() == MULTI_STATUS ? items(settings, answer, bodies, attempt) : allAccepted(answer, bodies);
    }

    /** The answer has one item for each record, in the order of the records or with their ids. */
    private static List<Fate> items(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        List<JsonNode> items = Items.of(answer.json().at(settings.items), bodies.size());
        Items.Ids ids = settings.ids(bodies);
        Fate[] fates = new Fate[bodies.size()];
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            Fate fate = settings.fate(item);
            for (int record : ids == null ? List.of(i) : ids.withId(item.at(settings.id))) {
                fates[record] = fate;
            }
        }
        if (Arrays.asList(fates).contains(null)) {
            throw new UnreadableAnswerException("the answer names a record twice and another not at all");
        }
        return List.of(fates);
    }

    /**
     * The bulk interfaces of document stores, with one item for each record in order: {@code _bulk} of Elasticsearch and
     * OpenSearch, which answers 200 although items failed, and {@code _bulk_docs} of CouchDB, which answers 201 although
     * documents conflict.
     */
    private static List<Fate> bulkItems(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        JsonNode root = answer.json();
        List<Fate> fates = new ArrayList<>();
        for (JsonNode item : Items.of(root.isArray() ? root : root.path("items"), bodies.size())) {
            fates.add(root.isArray() ? document(settings, item) : action(settings, item));
        }
        return fates;
    }

    /** {@code {"index": {"status": 400, "error": {"type": ..., "reason": ...}}}}. */
    private static Fate action(PolicySettings settings, JsonNode item) throws UnreadableAnswerException {
        if (!item.isObject() || item.size() != 1) {
            throw new UnreadableAnswerException("an item of the answer is not of one action");
        }
        JsonNode result = item.elements().next();
        JsonNode error = result.path("error");
        int status = Items.status(result.path("status"));
        if (status < 300 && !error.isMissingNode()) {
            throw new UnreadableAnswerException("an item of the answer is a success with an error");
        }
        String reason = error.isObject()
                ? Items.text(error.path("type")) + ": " + Items.text(error.path("reason"))
                : Items.text(error);
        boolean goneBefore = status == 404 && item.has("delete") && error.isMissingNode();
        return Fate.of(goneBefore ? ACCEPTED : status, reason, settings.conflict);
    }

    /** {@code {"ok": true, "id": ..., "rev": ...}} or {@code {"id": ..., "error": "conflict", "reason": ...}}. */
    private static Fate document(PolicySettings settings, JsonNode item) throws UnreadableAnswerException {
        JsonNode error = item.path("error");
        if (error.isMissingNode()) {
            if (!item.path("ok").asBoolean() && !item.hasNonNull("rev")) {
                throw new UnreadableAnswerException("an item of the answer is neither ok nor an error");
            }
            return Fate.of(ACCEPTED, "", settings.conflict);
        }
        int status = COUCHDB.getOrDefault(error.asText(), UNAVAILABLE);
        return Fate.of(status, error.asText() + ": " + Items.text(item.path("reason")), settings.conflict);
    }

    /**
     * The contract of AWS Lambda for batch consumers: {@code {"batchItemFailures": [{"itemIdentifier": ...}]}} names the
     * ids of the records that failed and may be sent again. An empty body and a list that is empty, null or absent mean
     * success. An identifier that is empty or unknown means that the whole batch failed.
     */
    private static List<Fate> batchItemFailures(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        if (answer.isSuccess() && answer.body().isBlank()) {
            return allAccepted(answer, bodies);
        }
        JsonNode root = answer.json();
        JsonNode failures = root.path("batchItemFailures");
        boolean isList = failures.isArray() || failures.isNull() || failures.isMissingNode();
        if (!isList || !(root.isObject() || root.isNull())) {
            throw new UnreadableAnswerException("the answer has no batchItemFailures");
        }
        if (failures.isEmpty()) {
            return allAccepted(answer, bodies);
        }
        Fate failed = settings.attempts > 0 && attempt >= settings.attempts
                ? Fate.refused(0, "not accepted in " + attempt + " attempts")
                : Fate.retried(0, "named in batchItemFailures");
        List<Fate> fates = new ArrayList<>(nCopies(bodies.size(), Fate.ACCEPTED));
        Items.Ids ids = new Items.Ids(bodies, settings.recordId);
        for (JsonNode failure : failures) {
            ids.withId(failure.path("itemIdentifier")).forEach(record -> fates.set(record, failed));
        }
        return fates;
    }

    /**
     * The answer lists the failed records by index or id. The other records are stored, even if the status is 400. If
     * there is no list, a success accepts the whole batch, and any other answer accepts none of it.
     */
    private static List<Fate> failedList(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        JsonNode failed = answer.json().at(settings.items);
        if (failed.isMissingNode() || failed.isNull() || (failed.isArray() && failed.isEmpty())) {
            return allAccepted(answer, bodies);
        }
        if (!failed.isArray()) {
            throw new UnreadableAnswerException("the answer has no list at " + settings.items);
        }
        List<Fate> fates = new ArrayList<>(nCopies(bodies.size(), Fate.ACCEPTED));
        Items.Ids ids = settings.ids(bodies);
        for (JsonNode item : failed) {
            Fate fate = settings.failure(item);
            for (int record : ids == null
                    ? List.of(Items.index(item.isObject() ? item.at(settings.index) : item, bodies.size()))
                    : ids.withId(item.isObject() ? item.at(settings.id) : item)) {
                fates.set(record, fate);
            }
        }
        return fates;
    }

    /**
     * The service stores the records in order and gives the index of the first record that it did not store. That record
     * failed; the records after it were not tried. If there is no index, a success accepts the whole batch, and any
     * other answer accepts none of it.
     */
    private static List<Fate> storedBefore(PolicySettings settings, Answer answer, List<?> bodies, int attempt)
            throws UnreadableAnswerException {
        JsonNode root = answer.isSuccess() && answer.body().isBlank() ? null : answer.json();
        if (root == null
                || root.at(settings.index).isMissingNode()
                || root.at(settings.index).isNull()) {
            return allAccepted(answer, bodies);
        }
        int all = bodies.size();
        int stored = Items.index(root.at(settings.index), answer.isSuccess() ? all + 1 : all);
        List<Fate> fates = new ArrayList<>(nCopies(stored, Fate.ACCEPTED));
        if (stored < all) {
            fates.add(settings.failure(root));
            fates.addAll(nCopies(all - stored - 1, Fate.retried(0, "not tried")));
        }
        return fates;
    }
}
