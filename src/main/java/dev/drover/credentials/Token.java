package dev.drover.credentials;

import java.time.Duration;

/**
 * An access token.
 *
 * @param value what is sent
 * @param life for how long it is valid from its arrival on
 */
record Token(String value, Duration life) {

    /** Shows nothing. */
    @Override
    public String toString() {
        return "token";
    }
}
