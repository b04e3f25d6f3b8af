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
 * @param pipeline the pipeline of the record
 * @param destination the delivery route of the destination that refused it; null if it failed before
 * @param key the key, for people
 * @param cursor the exact key as JSON, by which the row can be read again; null if it is unknown
 * @param reason why it was refused
 * @param status the status of the refusal; null if there was none
 * @param payload the body that was to be sent, as JSON
 * @param createdAt the time at which it was set aside
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
     * A dead letter with only the beginning of its payload.
     *
     * @param letter the dead letter with the beginning of the payload
     * @param payloadLength the length of the whole payload in characters, as the database counts them; 0 if there is none
     * @param cut whether the payload is longer than the beginning
     */
    public record Cut(@JsonUnwrapped DeadLetter letter, long payloadLength, boolean cut) {}

    DeadLetter with(@Nullable String other) {
        return new DeadLetter(id, pipeline, destination, key, cursor, reason, status, other, createdAt);
    }
}
