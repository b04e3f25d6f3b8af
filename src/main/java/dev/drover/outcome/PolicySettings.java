package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The contract of a destination as a bean of a route file sets it up: the name of a policy, and where its answers have
 * what the policy needs, as JSON pointers (RFC 6901). Set up by one thread before the routes start.
 */
public abstract class PolicySettings {

    private String policy = Policies.STATUS;
    private String type = "";
    private String redirectTo = "";
    private JsonPointer items = JsonPointer.empty();
    private @Nullable FailedTest failed;
    private JsonPointer status = JsonPointer.compile("/status");
    private JsonPointer code = JsonPointer.compile("/code");
    private Set<String> again = Set.of();
    private JsonPointer reason = JsonPointer.compile("/error");
    private JsonPointer index = JsonPointer.compile("/index");
    private JsonPointer id = JsonPointer.empty();
    private JsonPointer recordId = JsonPointer.compile("/id");
    private Conflict conflict = Conflict.REFUSED;
    private int attempts = 5;

    /**
     * Reads an answer by the policy as it is set up now.
     *
     * @param bodies the records of the batch as they were sent, in order
     * @param attempt how often these records were sent, 1 for the first time
     * @return what became of each record, in the same order
     * @throws UnreadableAnswerException if it does not say so of every record
     */
    protected final List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        if (isRedirect(answer)) {
            if (redirectTo.isEmpty() || !answer.redirectsTo(redirectTo)) {
                throw new UnreadableAnswerException("status " + answer.status() + " redirects "
                        + (redirectTo.isEmpty() ? "and redirectTo is not set" : "elsewhere than to " + redirectTo));
            }
            return Collections.nCopies(bodies.size(), Fate.ACCEPTED);
        }
        if (!type.isEmpty() && !answer.isOf(type)) {
            throw new UnreadableAnswerException(
                    "the answer is " + (answer.type().isEmpty() ? "of no type" : answer.type()) + " and not " + type);
        }
        return Policies.of(
                        policy,
                        new PolicyOptions(
                                items,
                                Optional.ofNullable(failed),
                                status,
                                code,
                                again,
                                reason,
                                index,
                                id,
                                recordId,
                                conflict,
                                attempts))
                .read(answer, bodies, attempt);
    }

    private static boolean isRedirect(Answer answer) {
        return answer.status() >= 300 && answer.status() <= 399;
    }

    /**
     * {@code status} (only the status of the answer counts, the default), {@code multi-status}, {@code items},
     * {@code bulk-items}, {@code batch-item-failures}, {@code json-pointer} or {@code stored-before}.
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

    /**
     * The media type that an answer must have, such as {@code application/json}; any by default. It keeps the page of a
     * login or a proxy, whose status is 200, from accepting a batch.
     */
    public void setType(String type) {
        if (!type.matches("[^\\s/;]+/[^\\s/;]+")) {
            throw new IllegalArgumentException(
                    "type: " + type + " is not allowed, it must be a media type such as application/json");
        }
        this.type = type.toLowerCase(Locale.ROOT);
    }

    public String getType() {
        return type;
    }

    /**
     * An answer 3xx accepts the batch if its address begins like this, with or without its host, such as
     * {@code /thanks}; none does by default. The redirect is not followed. The request must let the status through too,
     * by {@code okStatusCodeRange: 200-299,302}.
     */
    public void setRedirectTo(String address) {
        redirectTo = address;
    }

    public String getRedirectTo() {
        return redirectTo;
    }

    /** Where the answer has its list of items, or of failed records, as a JSON pointer; the whole answer by default. */
    public void setItems(String pointer) {
        items = pointer("items", pointer);
    }

    public String getItems() {
        return items.toString();
    }

    /**
     * The member that says that an item failed: {@code /error} if failed items have it, {@code !/success} if accepted
     * ones have it. A member that is null, false or empty counts as absent; after {@code !} also 0 and the texts false,
     * 0 and no. By default the status of an item decides.
     */
    public void setFailed(String test) {
        failed = FailedTest.of(test);
    }

    public String getFailed() {
        return failed == null ? "" : failed.toString();
    }

    /** Where a failed item has the name of its failure, for {@code again}; {@code /code} by default. */
    public void setCode(String pointer) {
        code = pointer("code", pointer);
    }

    public String getCode() {
        return code.toString();
    }

    /**
     * The failures after which a record is sent again, by their names with commas between them, {@code *} for all; none
     * by default. For other failures the status of the item decides; without a status they are final.
     */
    public void setAgain(String codes) {
        again = Stream.of(codes.split(","))
                .map(String::trim)
                .filter(code -> !code.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public String getAgain() {
        return String.join(",", again);
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

    /** Where a failed item, or the answer, has the place of a record in the batch, from 0; {@code /index} by default. */
    public void setIndex(String pointer) {
        index = pointer("index", pointer);
    }

    public String getIndex() {
        return index.toString();
    }

    /** Where an item has the id of its record; by default its order or its index says which record. */
    public void setId(String pointer) {
        id = pointer("id", pointer);
    }

    public String getId() {
        return id.toString();
    }

    /** Where a record, in the form that is sent, has the id that items name; {@code /id} by default. */
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
