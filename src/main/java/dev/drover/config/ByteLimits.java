package dev.drover.config;

/**
 * How many bytes reading may bring into memory. Validated: an error names the option, its value and what is allowed.
 *
 * @param maxValueBytes the longest text or binary value that is loaded, in bytes as the database stores text; the
 *     record of a longer one becomes a dead letter without its payload; 0 is no limit
 * @param maxPageBytes a page ends with the row that makes its text and binary values longer than this; 0 is no limit
 */
public record ByteLimits(long maxValueBytes, long maxPageBytes) {

    /** What applies when nothing is said: 16 MiB a value, 64 MiB a page. */
    public static final ByteLimits DEFAULT = new ByteLimits(16L << 20, 64L << 20);

    public ByteLimits {
        notNegative("maxValueBytes", maxValueBytes);
        notNegative("maxPageBytes", maxPageBytes);
    }

    /** Whether a value of this many bytes may not be loaded. */
    public boolean refuses(long bytes) {
        return maxValueBytes > 0 && bytes > maxValueBytes;
    }

    private static void notNegative(String option, long bytes) {
        if (bytes < 0) {
            throw new OptionException(option, bytes + " is not allowed, it must be at least 0 (no limit)");
        }
    }
}
