package dev.drover.kept;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch as it is sent. Immutable, as long as nobody changes the bytes. */
final class KeptBatch {

    private final Head head;
    private final byte[] body;

    /**
     * All but the bytes.
     *
     * @param route the route that delivers it
     * @param id its Idempotency-Key
     * @param keys the keys of its records, in order
     * @param lastRecord the place of the last of them among all that the pipeline ever reads
     * @param contentType the header Content-Type; null if it has none
     * @param contentEncoding the header Content-Encoding; null if it has none
     */
    record Head(
            String route,
            String id,
            List<String> keys,
            long lastRecord,
            @Nullable String contentType,
            @Nullable String contentEncoding) {}

    KeptBatch(Head head, byte[] body) {
        this.head = head;
        this.body = body;
    }

    Head head() {
        return head;
    }

    /** Its bytes, not to be changed. */
    byte[] body() {
        return body;
    }
}
