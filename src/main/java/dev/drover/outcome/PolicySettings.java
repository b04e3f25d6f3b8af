package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a destination: a policy by name, and JSON pointers (RFC 6901) to what the policy reads. Not every
 * policy reads each of them. Set up by one thread before the routes start.
 */
public abstract class PolicySettings {

    private String policy = Policies.STATUS;
    private String type = "";
    private String redirectTo = "";
    JsonPointer items = JsonPointer.empty();
    private @Nullable FailedTest failed;
    private JsonPointer status = JsonPointer.compile("/status");
    private JsonPointer code = JsonPointer.compile("/code");
    private Set<String> again = Set.of();
    private JsonPointer reason = JsonPointer.compile("/error");
    JsonPointer index = JsonPointer.compile("/index");
    JsonPointer id = JsonPointer.empty();
    JsonPointer recordId = JsonPointer.compile("/id");
    Fate.Kind conflict = Fate.Kind.REFUSED;
    int attempts = 5;

    /**
     * Reads an answer with the present settings.
     *
     * @param bodies the records of the batch as sent, in order
     * @param attempt how often these records have been sent, from 1
     * @return the result of each record, in the same order
     * @throws UnreadableAnswerException if the answer does not give the result of every record
     */
    protected final List<Fate> read(Answer answer, List<?> bodies, int attempt) throws UnreadableAnswerException {
        if (answer.isRedirect()) {
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
        return Policies.read(policy, this, answer, bodies, attempt);
    }

    /** The records by their ids; null if order or index identifies them. */
    final Items.@Nullable Ids ids(List<?> bodies) throws UnreadableAnswerException {
        return id.matches() ? null : new Items.Ids(bodies, recordId);
    }

    /** The result of the record of an item. */
    final Fate fate(JsonNode item) throws UnreadableAnswerException {
        if (!item.isObject()) {
            throw new UnreadableAnswerException("an item of the answer is not an object");
        }
        if (failed != null) {
            return failed.holdsFor(item) ? failure(item) : Fate.ACCEPTED;
        }
        int number = Items.status(item.at(status));
        return number >= 200 && number < 300 ? Fate.ACCEPTED : failure(item, number);
    }

    /** The result of the record of a failed item. */
    final Fate failure(JsonNode item) {
        JsonNode number = item.at(status);
        boolean isFailure = number.isInt() && number.intValue() >= 400 && number.intValue() <= 599;
        return failure(item, isFailure ? number.intValue() : 0);
    }

    private Fate failure(JsonNode item, int number) {
        String name = Items.text(item.at(code));
        String words = Items.text(item.at(reason));
        String why = words.isEmpty() ? name : words;
        if (again.contains("*") || again.contains(name)) {
            return Fate.retried(number, why);
        }
        return number == 0 ? Fate.refused(number, why) : Fate.of(number, why, conflict);
    }

    /**
     * {@code status} (only the status of the answer counts, the default), {@code multi-status}, {@code items},
     * {@code bulk-items}, {@code batch-item-failures}, {@code json-pointer} or {@code stored-before}.
     *
     * @throws IllegalArgumentException if the name is unknown
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
     * The media type that an answer must have, such as {@code application/json}; any by default. It prevents a login
     * page or the page of a proxy with status 200 from accepting a batch.
     */
    public void setType(String type) {
        if (!type.matches("[^\\s/;]+/[^\\s/;]+")) {
            throw new IllegalArgumentException(
                    "type: " + type + " is not allowed, it must be a media type such as application/json");
        }
        this.type = type.toLowerCase(Locale.ROOT);
    }

    /**
     * A redirect (3xx) to an address with this prefix, with or without its host, accepts the batch: {@code /thanks}, for
     * example. By default no redirect does. The redirect is not followed. The request must allow the status too, with
     * {@code okStatusCodeRange: 200-299,302}.
     */
    public void setRedirectTo(String address) {
        redirectTo = address;
    }

    /** Where the answer has the list of items, or of failed records: a JSON pointer; the whole answer by default. */
    public void setItems(String pointer) {
        items = pointer("items", pointer);
    }

    /**
     * The field that shows that an item failed: {@code /error} if failed items have it, {@code !/success} if accepted
     * items have it. A field that is null, false or empty counts as absent; after {@code !} also 0 and the texts false,
     * 0 and no. By default the status of an item decides.
     */
    public void setFailed(String test) {
        failed = FailedTest.of(test);
    }

    /** Where a failed item has the name of its failure, for {@code again}; {@code /code} by default. */
    public void setCode(String pointer) {
        code = pointer("code", pointer);
    }

    /**
     * The names of failures after which a record is sent again, separated by commas, or {@code *} for all; none by
     * default. For other failures the status of the item decides; without a status they are final.
     */
    public void setAgain(String codes) {
        again = Stream.of(codes.split(","))
                .map(String::trim)
                .filter(code -> !code.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Where an item has its status; {@code /status} by default. */
    public void setStatus(String pointer) {
        status = pointer("status", pointer);
    }

    /** Where an item has the reason of its failure, for the dead letter; {@code /error} by default. */
    public void setReason(String pointer) {
        reason = pointer("reason", pointer);
    }

    /** Where a failed item, or the answer, has the index of a record in the batch, from 0; {@code /index} by default. */
    public void setIndex(String pointer) {
        index = pointer("index", pointer);
    }

    /** Where an item has the id of its record; by default the order or the index of an item identifies its record. */
    public void setId(String pointer) {
        id = pointer("id", pointer);
    }

    /** Where a record as sent has the id that items name; {@code /id} by default. */
    public void setRecordId(String pointer) {
        recordId = pointer("recordId", pointer);
    }

    /**
     * The meaning of 409 for one record: {@code accepted} (the service already has it), {@code retried} or
     * {@code refused}, the default.
     *
     * @throws IllegalArgumentException if the value is another one
     */
    public void setConflict(String conflict) {
        try {
            this.conflict = Fate.Kind.valueOf(conflict.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "conflict: " + conflict + " is not allowed, it must be one of accepted, retried, refused");
        }
    }

    /**
     * The number of attempts after which a record that {@code batch-item-failures} keeps naming becomes a dead letter.
     *
     * @param attempts at least 1, or 0 for no limit; 5 by default
     */
    public void setAttempts(int attempts) {
        if (attempts < 0) {
            throw new IllegalArgumentException("attempts: must be 0 (no limit) or more, not " + attempts);
        }
        this.attempts = attempts;
    }

    private static JsonPointer pointer(String option, String pointer) {
        try {
            return JsonPointer.compile(pointer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    option + ": " + pointer + " is not a JSON pointer, it must be empty or begin with /");
        }
    }
}
