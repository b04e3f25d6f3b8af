package dev.drover.batch;

import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The end of a batch's exchange, however Camel reports it: records that nobody settled by then were neither delivered
 * nor set aside, even if the exchange looks completed.
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
            batch.ended().complete(null); // what follows in its lane is abandoned too, or was read since
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
