package dev.drover.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it arrived, and how it was answered.
 *
 * @param arrivedNanos when its body was read, on the clock of {@link System#nanoTime}
 * @param line method and address, as in {@code PUT /orders/7?dry=no}
 * @param headers by name in lower case
 * @param bodyHash of the bytes as they came
 * @param records the elements of its JSON array
 * @param answer what the receiver did with it
 */
public record Request(
        long arrivedNanos,
        String line,
        Map<String, List<String>> headers,
        String bodyHash,
        int bytes,
        List<JsonNode> records,
        Answer answer) {

    /** The Idempotency-Key; empty text if there is none. */
    public String key() {
        return header("idempotency-key").orElse("");
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> values.get(0));
    }

    public boolean accepted() {
        return answer.accepts();
    }

    Request answered(Answer given) {
        return new Request(arrivedNanos, line, headers, bodyHash, bytes, records, given);
    }
}
