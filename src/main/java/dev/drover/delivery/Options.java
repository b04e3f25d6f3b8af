package dev.drover.delivery;

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
}
