package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/**
 * Where a policy finds what it needs, each a JSON pointer (RFC 6901); not every policy uses each.
 *
 * @param items in the answer: the list with one item for each record, or of the failed ones
 * @param failed in an item: what says that it failed; empty if its status does
 * @param status in an item: its status
 * @param code in an item: the name of its failure
 * @param again the names of failures that may pass, {@code *} for all
 * @param reason in an item: why it failed
 * @param index in an item: which record it is about, counted from 0
 * @param id in an item: the id of the record that it is about; empty text if items are told apart by index or order
 * @param recordId in a record as it is sent: its id
 * @param conflict what 409 means
 * @param attempts after how many attempts a record that only fails, with no status, is refused; 0 for never
 */
public record PolicyOptions(
        JsonPointer items,
        Optional<FailedTest> failed,
        JsonPointer status,
        JsonPointer code,
        Set<String> again,
        JsonPointer reason,
        JsonPointer index,
        JsonPointer id,
        JsonPointer recordId,
        Conflict conflict,
        int attempts) {

    /** What an item says of its record. */
    Fate fate(JsonNode item) throws UnreadableAnswerException {
        if (!item.isObject()) {
            throw new UnreadableAnswerException("an item of the answer is not an object");
        }
        if (failed.isPresent()) {
            return failed.get().holdsFor(item) ? failure(item) : Fate.ACCEPTED;
        }
        int told = Items.status(item.at(status));
        return told >= 200 && told < 300 ? Fate.ACCEPTED : failure(item, told);
    }

    /** What becomes of the record of an item that failed. */
    Fate failure(JsonNode item) {
        JsonNode told = item.at(status);
        boolean isFailure = told.isInt() && told.intValue() >= 400 && told.intValue() <= 599;
        return failure(item, isFailure ? told.intValue() : 0);
    }

    private Fate failure(JsonNode item, int told) {
        String name = Items.text(item.at(code));
        String words = Items.text(item.at(reason));
        String why = words.isEmpty() ? name : words;
        if (again.contains("*") || again.contains(name)) {
            return Fate.retried(told, why);
        }
        return told == 0 ? Fate.refused(told, why) : ItemStatus.fate(told, why, conflict);
    }
}
