package dev.drover.route;

import java.util.Comparator;

/**
 * A mistake of the user: {@code file:line: key: what is wrong, what is allowed}.
 *
 * @param file the file as the user named it, or another place such as a route; never empty
 * @param line counted from 1; 0 if unknown
 * @param key the wrong key or node
 * @param message what is wrong and what is allowed; without values of rows and without secrets
 */
public record Finding(String file, int line, String key, String message) implements Comparable<Finding> {

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::file)
            .thenComparing(Finding::line)
            .thenComparing(Finding::key)
            .thenComparing(Finding::message);

    /** Sorts by file, then by line. */
    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + key + ": " + message;
    }
}
