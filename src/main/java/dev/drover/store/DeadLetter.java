package dev.drover.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that was set aside, as it is stored.
 *
 * @param id 64 hexadecimal digits, the same for the same record, pipeline, run and destination
 * @param pipeline the pipeline it came with
 * @param destination the route that delivers to the destination which refused it; null if it failed before that
 * @param key its key, for people
 * @param cursor its exact key as JSON, by which its row is read again; null if it is not known
 * @param reason why it was refused
 * @param status the status of the refusal; null if there was none
 * @param payload what was to be sent, as JSON
 * @param createdAt when it was set aside
 */
public record DeadLetter(
        String id,
        String pipeline,
        @Nullable String destination,
        String key,
        @JsonIgnore @Nullable String cursor,
        String reason,
        @Nullable Integer status,
        @Nullable String payload,
        @JsonSerialize(using = ToStringSerializer.class) Instant createdAt) {

    /**
     * A dead letter with no more than the beginning of its payload.
     *
     * @param letter with the beginning
     * @param payloadLength how many characters the payload has in all, as its database counts them; 0 if there is none
     * @param cut whether the payload is longer than its beginning here
     */
    public record Cut(@JsonUnwrapped DeadLetter letter, long payloadLength, boolean cut) {}

    DeadLetter with(@Nullable String other) {
        return new DeadLetter(id, pipeline, destination, key, cursor, reason, status, other, createdAt);
    }
}
