package dev.drover.config;

import java.util.Optional;

/**
 * Why a pipeline cannot be read safely.
 *
 * @param text what is wrong
 * @param remedy what to do, as a command; empty if the text says it
 */
public record Doubt(String text, String remedy) {

    /** A doubt, for methods that return an empty result if there is none. */
    public static Optional<Doubt> doubt(String text, String remedy) {
        return Optional.of(new Doubt(text, remedy));
    }

    @Override
    public String toString() {
        return remedy.isEmpty() ? text : text + "; " + remedy;
    }
}
