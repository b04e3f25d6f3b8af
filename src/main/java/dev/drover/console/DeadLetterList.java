package dev.drover.console;

import dev.drover.store.DeadLetter;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.Selection;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The oldest dead letters of a pipeline, without their payloads, which may be personal data.
 *
 * @param all the number of dead letters
 * @param letters the oldest of them
 */
record DeadLetterList(long all, List<Line> letters) {

    private static final int MOST = 100;

    /** In characters. */
    private static final int LONGEST_PAYLOAD = 65_536;

    /** The fields of {@link DeadLetter}, with a flag in place of the payload. */
    record Line(
            String id,
            @Nullable String destination,
            String key,
            String reason,
            @Nullable Integer status,
            String createdAt,
            boolean payload) {}

    static DeadLetterList of(CamelContext context, String pipeline) {
        DeadLetterStore store = DeadLetterStore.of(context);
        Selection selection = ofPipeline(pipeline);
        return new DeadLetterList(
                store.count(selection),
                store.outlines(selection, MOST).stream()
                        .map(DeadLetterList::line)
                        .toList());
    }

    /** All dead letters of a pipeline. */
    static Selection ofPipeline(String pipeline) {
        return new Selection(List.of(), pipeline, null, null, null, null, null, false);
    }

    /** One dead letter with a limited payload, because a long one would take memory from deliveries. Empty if it is gone. */
    static Optional<DeadLetter.Cut> one(CamelContext context, String id) {
        return DeadLetterStore.of(context).cut(id, LONGEST_PAYLOAD);
    }

    private static Line line(DeadLetter letter) {
        return new Line(
                letter.id(),
                letter.destination(),
                letter.key(),
                letter.reason(),
                letter.status(),
                letter.createdAt().toString(),
                letter.payload() != null);
    }
}
