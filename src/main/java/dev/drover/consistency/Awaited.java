package dev.drover.consistency;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes awaited transactions for people: their session and their start, but never their data. */
final class Awaited {

    private static final int MOST_NAMED = 5;

    private Awaited() {}

    /**
     * Describes the open transaction of a session.
     *
     * @param since the start of the transaction; null if unknown
     * @param details user, application and state; null or blank if unknown
     */
    static String session(String name, @Nullable String since, @Nullable String... details) {
        String known = Stream.of(details)
                .filter(Objects::nonNull)
                .filter(detail -> !detail.isBlank())
                .collect(Collectors.joining(", "));
        return plain(name + (known.isEmpty() ? "" : " (" + known + ")") + (since == null ? "" : " since " + since));
    }

    /** Describes a prepared transaction by the name under which it can be committed or rolled back. */
    static String prepared(String name, @Nullable String since) {
        return plain("the prepared transaction '" + name + "'" + (since == null ? "" : " since " + since));
    }

    /** Joins descriptions: the first few in full, and the number of the others. */
    static String transactions(List<String> writers) {
        if (writers.isEmpty()) {
            return "open transactions";
        }
        String named = writers.stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
        int more = writers.size() - MOST_NAMED;
        return (writers.size() == 1 ? "an open transaction: " : writers.size() + " open transactions: ")
                + named
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
