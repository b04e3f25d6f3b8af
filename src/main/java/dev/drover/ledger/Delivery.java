package dev.drover.ledger;

import java.util.Optional;

/** A batch under way, as the ledger needs it to tell what holds the checkpoint. Thread-safe. */
public interface Delivery {

    /** The identity of the batch. */
    String getId();

    /** The key of the first unsettled record of this page; empty if the batch does not hold the page. */
    Optional<Cursor> holds(OpenPage page);

    /** The place of the first unsettled record, see {@link RecordOnPage#place}; 0 if all are settled. */
    long firstUnsettledPlace();

    /** The last failed attempt; empty if none has failed. */
    Optional<FailedAttempt> lastFailure();

    /** What it waits for before its next attempt; empty while it does not wait for a limit of its destination. */
    Optional<String> waitsFor();
}
