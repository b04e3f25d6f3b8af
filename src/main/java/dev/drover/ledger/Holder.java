package dev.drover.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What keeps the checkpoint where it is.
 *
 * @param key the first key that is not settled, for people; null while it is not known
 * @param batch the batch that it travels in; null while it is in none
 * @param attempt how many attempts with that batch have failed
 * @param reason why the last of them failed, or what is waited for
 */
public record Holder(@Nullable String key, @Nullable String batch, int attempt, String reason) {

    static Holder waitingFor(String what) {
        return new Holder(null, null, 0, what);
    }

    static Holder of(Delivery delivery, Cursor key) {
        return delivery.lastFailure()
                .map(failed -> new Holder(key.toString(), failed.batch(), failed.number(), failed.reason()))
                .orElseGet(() -> new Holder(key.toString(), delivery.getId(), 0, "the batch is on its way"));
    }
}
