package dev.drover.ledger;

import java.util.Optional;

/** A batch on its way, as far as the ledger needs it to say what holds the checkpoint. Read by any thread. */
public interface Delivery {

    /** The identity of the batch. */
    String getId();

    /** The key of its first record of this page that is not settled; empty if it does not hold the page. */
    Optional<Cursor> holds(OpenPage page);

    /** The place of its first record that is not settled, see {@link RecordOnPage#place}; 0 if all are. */
    long firstUnsettledPlace();

    /** Its last attempt that failed; empty before one did. */
    Optional<FailedAttempt> lastFailure();
}
