package dev.drover.consistency;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says for people which transactions are awaited: who and since when, never what they write. */
final class Awaited {

    private static final int MOST_NAMED = 5;

    private Awaited() {}

    /**
     * The open transaction of a session.
     *
     * @param since when it began; null if it is not known
     * @param details user, application, state; null or empty where they are not known
     */
    static String session(String name, @Nullable String since, @Nullable String... details) {
        String known = Stream.of(details)
                .filter(Objects::nonNull)
                .filter(detail -> !detail.isBlank())
                .collect(Collectors.joining(", "));
        return plain(name + (known.isEmpty() ? "" : " (" + known + ")") + (since == null ? "" : " since " + since));
    }

    /** A prepared transaction, by the name that ends it. */
    static String prepared(String name, @Nullable String since) {
        return plain("the prepared transaction '" + name + "'" + (since == null ? "" : " since " + since));
    }

    /** A few of them by name, and how many there are. */
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
