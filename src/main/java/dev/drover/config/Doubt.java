package dev.drover.config;

/**
 * Why a pipeline cannot be read safely.
 *
 * @param text what is wrong
 * @param remedy what to do, as a command; empty if the text says it
 */
public record Doubt(String text, String remedy) {

    @Override
    public String toString() {
        return remedy.isEmpty() ? text : text + "; " + remedy;
    }
}
