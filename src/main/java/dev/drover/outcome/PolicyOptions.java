package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonPointer;

/**
 * Where a policy finds what it needs, each a JSON pointer (RFC 6901); not every policy uses each.
 *
 * @param items in the answer: the list with one item for each record, or of the failed ones
 * @param status in an item: its status
 * @param reason in an item: why it failed
 * @param index in an item: which record it is about, counted from 0
 * @param id in an item: the id of the record that it is about; empty text if items are told apart by index or order
 * @param recordId in a record as it is sent: its id
 * @param conflict what 409 means
 * @param attempts after how many attempts a record that only fails, with no status, is refused; 0 for never
 */
public record PolicyOptions(
        JsonPointer items,
        JsonPointer status,
        JsonPointer reason,
        JsonPointer index,
        JsonPointer id,
        JsonPointer recordId,
        Conflict conflict,
        int attempts) {}
