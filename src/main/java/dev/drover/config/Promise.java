package dev.drover.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A fact that the user promises because no catalog proves it: the values of the option {@code promises}. */
public enum Promise {
    /** Each key is assigned while its INSERT runs, and is higher than every key assigned before. */
    KEYS_GROW(
            "keysGrow",
            "a new row's key is assigned while its INSERT runs, and is higher than every key assigned before"),
    /** No writer, no trigger and no copy sets the key. */
    KEYS_BY_DEFAULT(
            "keysByDefault", "no writer, trigger or copy sets the key: every INSERT leaves it to the column's default"),
    /** The rows are inserted on this server only. */
    NOT_REPLICA("notReplica", "the rows are inserted on this server, and no replication brings them from another"),
    /** A row that row security hides from the user is never shown later. */
    HIDDEN_FOREVER("hiddenForever", "a row that row security hides from this user is never shown to it later");

    private final String word;
    private final String text;

    Promise(String word, String text) {
        this.word = word;
        this.text = text;
    }

    /** The word in the option. */
    public String word() {
        return word;
    }

    /** The promise in words. */
    public String text() {
        return text;
    }

    /**
     * Parses the option.
     *
     * @param option words separated by commas; null or blank for none
     * @throws OptionException if a word is not a promise
     */
    public static Set<Promise> parse(@Nullable String option) {
        Set<Promise> promises = EnumSet.noneOf(Promise.class);
        if (option != null && !option.isBlank()) {
            for (String word : option.split(",", -1)) {
                promises.add(of(word.strip()));
            }
        }
        return promises;
    }

    /** Whether a set contains this promise. {@link #KEYS_GROW} includes {@link #KEYS_BY_DEFAULT}. */
    public boolean isIn(Set<Promise> promises) {
        return promises.contains(this) || (this == KEYS_BY_DEFAULT && promises.contains(KEYS_GROW));
    }

    private static Promise of(String word) {
        return Arrays.stream(values())
                .filter(promise -> promise.word.equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new OptionException(
                        "promises",
                        "'" + word + "' is not allowed; it must be one"
                                + " or more of "
                                + Arrays.stream(values()).map(Promise::word).collect(Collectors.joining(", "))
                                + ", separated by commas"));
    }
}
