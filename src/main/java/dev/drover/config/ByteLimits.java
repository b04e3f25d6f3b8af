package dev.drover.config;

/**
 * The largest values and pages that are loaded into memory.
 *
 * @param maxValueBytes the longest text or binary value, in bytes as the database stores text; the record of a longer
 *     value becomes a dead letter without a payload; 0 for no limit
 * @param maxPageBytes a page ends with the row whose text and binary values exceed this; 0 for no limit
 */
public record ByteLimits(long maxValueBytes, long maxPageBytes) {

    /** The default: 16 MiB for a value, 64 MiB for a page. */
    public static final ByteLimits DEFAULT = new ByteLimits(16L << 20, 64L << 20);

    public ByteLimits {
        notNegative("maxValueBytes", maxValueBytes);
        notNegative("maxPageBytes", maxPageBytes);
    }

    /** Whether a value of this many bytes is too long. */
    public boolean refuses(long bytes) {
        return maxValueBytes > 0 && bytes > maxValueBytes;
    }

    private static void notNegative(String option, long bytes) {
        if (bytes < 0) {
            throw new OptionException(option, bytes + " is not allowed, it must be at least 0 (no limit)");
        }
    }
}
