package dev.drover.delivery;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks the options of a bean. */
final class Options {

    private Options() {}

    /** The value, if it is large enough. */
    static long atLeast(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(option + ": must be at least " + least + ", not " + value);
        }
        return value;
    }

    /** Statuses separated by commas. */
    static Set<Integer> statuses(String option, String list) {
        if (!list.matches("\\s*\\d{1,3}\\s*(,\\s*\\d{1,3}\\s*)*")) {
            throw new IllegalArgumentException(option + ": " + list
                    + " is not allowed, it must be statuses of HTTP separated by commas, or 0 for none");
        }
        return Arrays.stream(list.split(",", -1))
                .map(status -> Integer.valueOf(status.strip()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
