package dev.drover.testing;

import java.util.Map;

/** How the receiver answers a request; a status of 0 is no answer at all: the connection is dropped. */
public record Answer(int status, Map<String, String> headers, String body) {

    static final Answer ACCEPTED = new Answer(200, Map.of(), "{\"accepted\":true}");
    static final Answer DROPPED = new Answer(0, Map.of(), "");

    boolean accepts() {
        return status >= 200 && status < 300;
    }
}
