package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/**
 * Where a policy finds what it needs, each a JSON pointer (RFC 6901); not every policy uses each.
 *
 * @param items in the answer: the list with one item for each record, or of the failed ones
 * @param failed in an item: the member that says that it failed; empty if its status says it
 * @param status in an item: its status
 * @param code in an item: the name of its failure
 * @param again the names of failures after which the record is sent again, {@code *} for all
 * @param reason in an item: why it failed
 * @param index in an item: which record it is about, counted from 0
 * @param id in an item: the id of the record that it is about; empty text if index or order says which
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

    /** What became of the record of an item. */
    Fate fate(JsonNode item) throws UnreadableAnswerException {
        if (!item.isObject()) {
            throw new UnreadableAnswerException("an item of the answer is not an object");
        }
        if (failed.isPresent()) {
            return failed.get().holdsFor(item) ? failure(item) : Fate.ACCEPTED;
        }
        int number = Items.status(item.at(status));
        return number >= 200 && number < 300 ? Fate.ACCEPTED : failure(item, number);
    }

    /** What becomes of the record of an item that failed. */
    Fate failure(JsonNode item) {
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
        return number == 0 ? Fate.refused(number, why) : ItemStatus.fate(number, why, conflict);
    }
}
