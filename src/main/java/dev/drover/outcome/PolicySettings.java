package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Locale;

/**
 * The contract of a destination as a bean of a route file sets it up: the name of a policy, and where its answers have
 * what the policy needs, as JSON pointers (RFC 6901). Set up by one thread before the routes start.
 */
public abstract class PolicySettings {

    private String policy = Policies.STATUS;
    private JsonPointer items = JsonPointer.empty();
    private JsonPointer status = JsonPointer.compile("/status");
    private JsonPointer reason = JsonPointer.compile("/error");
    private JsonPointer index = JsonPointer.compile("/index");
    private JsonPointer id = JsonPointer.empty();
    private JsonPointer recordId = JsonPointer.compile("/id");
    private Conflict conflict = Conflict.REFUSED;
    private int attempts = 5;

    /** The policy as it is set up now. */
    protected final Policy policy() {
        return Policies.of(policy, new PolicyOptions(items, status, reason, index, id, recordId, conflict, attempts));
    }

    /**
     * {@code status} (the status of the answer is all, the default), {@code multi-status}, {@code bulk-items},
     * {@code batch-item-failures} or {@code json-pointer}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public void setPolicy(String policy) {
        if (!Policies.names().contains(policy)) {
            throw new IllegalArgumentException(
                    "policy: " + policy + " is not allowed, it must be one of " + String.join(", ", Policies.names()));
        }
        this.policy = policy;
    }

    public String getPolicy() {
        return policy;
    }

    /** Where the answer has its list of items, or of failed records, as a JSON pointer; the whole answer by default. */
    public void setItems(String pointer) {
        items = pointer("items", pointer);
    }

    public String getItems() {
        return items.toString();
    }

    /** Where an item has its status; {@code /status} by default. */
    public void setStatus(String pointer) {
        status = pointer("status", pointer);
    }

    public String getStatus() {
        return status.toString();
    }

    /** Where an item has the reason of its failure, for the dead letter; {@code /error} by default. */
    public void setReason(String pointer) {
        reason = pointer("reason", pointer);
    }

    public String getReason() {
        return reason.toString();
    }

    /** Where a failed item has the place of its record in the batch, from 0; {@code /index} by default. */
    public void setIndex(String pointer) {
        index = pointer("index", pointer);
    }

    public String getIndex() {
        return index.toString();
    }

    /** Where an item has the id of its record; by default items are told apart by their order or their index. */
    public void setId(String pointer) {
        id = pointer("id", pointer);
    }

    public String getId() {
        return id.toString();
    }

    /** Where a record has the id that items name, as it is sent; {@code /id} by default. */
    public void setRecordId(String pointer) {
        recordId = pointer("recordId", pointer);
    }

    public String getRecordId() {
        return recordId.toString();
    }

    /**
     * What 409 means to one record: {@code accepted} (it is there already), {@code retried} or {@code refused}, the
     * default.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public void setConflict(String conflict) {
        try {
            this.conflict = Conflict.valueOf(conflict.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "conflict: " + conflict + " is not allowed, it must be one of accepted, retried, refused", e);
        }
    }

    public String getConflict() {
        return conflict.name().toLowerCase(Locale.ROOT);
    }

    /**
     * After how many attempts a record becomes a dead letter that {@code batch-item-failures} names again and again.
     *
     * @param attempts at least 1, or 0 for never; 5 by default
     */
    public void setAttempts(int attempts) {
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts: must be 0 (for ever) or more, not " + attempts);
        }
        this.attempts = attempts;
    }

    public int getAttempts() {
        return attempts;
    }

    private static JsonPointer pointer(String option, String pointer) {
        try {
            return JsonPointer.compile(pointer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    option + ": " + pointer + " is no JSON pointer, it must be empty or begin with /", e);
        }
    }
}
