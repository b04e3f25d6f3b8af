package dev.drover.route;

import java.util.Comparator;

/**
 * One thing that is wrong with what the user wrote: {@code file:line: key: what is wrong, what is allowed}.
 *
 * @param file the file as the user named it, or another name of the place, such as the route; never empty
 * @param line the line from 1, 0 if it is not known
 * @param key the key, or the node, that is wrong
 * @param message what is wrong and what is allowed; holds no value of a row and no secret
 */
public record Finding(String file, int line, String key, String message) implements Comparable<Finding> {

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::file)
            .thenComparing(Finding::line)
            .thenComparing(Finding::key)
            .thenComparing(Finding::message);

    /** In the order in which they are read: by file, then by line. */
    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + key + ": " + message;
    }
}
