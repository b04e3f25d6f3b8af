package dev.drover.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What holds the checkpoint.
 *
 * @param key the first unsettled key, for people; null if unknown
 * @param batch the batch of that key; null if it is in no batch
 * @param attempt the number of failed attempts with that batch
 * @param reason why the last attempt failed, or what the pipeline waits for
 */
public record Holder(@Nullable String key, @Nullable String batch, int attempt, String reason) {

    static Holder waitingFor(String what) {
        return new Holder(null, null, 0, what);
    }

    static Holder of(Delivery delivery, Cursor key) {
        return delivery.lastFailure()
                .map(failed -> new Holder(key.toString(), failed.batch(), failed.number(), failed.reason()))
                .orElseGet(() -> new Holder(
                        key.toString(),
                        delivery.getId(),
                        0,
                        delivery.waitsFor()
                                .map(what -> "the batch waits for " + what)
                                .orElse("the batch is on its way")));
    }
}
