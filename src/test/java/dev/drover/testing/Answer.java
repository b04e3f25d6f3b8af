package dev.drover.testing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the receiver answers a request; a status of 0 is no answer at all: the connection is dropped.
 *
 * @param stored the places of the records that it has stored, where that is not what the status says
 */
public record Answer(int status, Map<String, String> headers, String body, Optional<Set<Integer>> stored) {

    static final Answer ACCEPTED = new Answer(200, Map.of(), "{\"accepted\":true}");
    static final Answer DROPPED = new Answer(0, Map.of(), "");

    public Answer(int status, Map<String, String> headers, String body) {
        this(status, headers, body, Optional.empty());
    }

    boolean accepts() {
        return stored.map(places -> !places.isEmpty()).orElse(status >= 200 && status < 300);
    }

    boolean accepts(int place) {
        return stored.map(places -> places.contains(place)).orElse(accepts());
    }
}
