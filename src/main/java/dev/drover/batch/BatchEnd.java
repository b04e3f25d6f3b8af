package dev.drover.batch;

import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Handles the end of the exchange of a batch, however Camel reports it. Records that are unsettled then were neither
 * delivered nor dead-lettered, even if the exchange looks completed.
 */
final class BatchEnd extends SynchronizationAdapter {

    private final Batch batch;

    BatchEnd(Batch batch) {
        this.batch = batch;
    }

    @Override
    public void onDone(Exchange exchange) {
        batch.ledger().deliveries().end(batch);
        int unsettled = batch.unsettled();
        if (unsettled == 0) {
            batch.ended().complete(null); // later batches of its lane are abandoned too, or were read since
            return;
        }
        batch.ledger()
                .ending()
                .gaveUp(
                        unsettled + " of " + batch.getSize() + " records of a batch were neither delivered nor"
                                + " dead-lettered; is the outcome step in place, and does every error clause retry or dead-letter?");
        batch.ended().completeExceptionally(new GivenUpException());
    }
}
