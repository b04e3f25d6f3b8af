package dev.drover.rows;

/**
 * A record has a value that cannot be sent: too long, or of no form that JSON knows. The message names the column and
 * never holds the value, so that it can be the reason of a dead letter.
 */
public final class UnrepresentableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Without a stack trace: it says something about a row, not about a place in the code. */
    public UnrepresentableException(String message) {
        super(message, null, false, false);
    }

    static UnrepresentableException tooLong(String column, long length, String unit, long maxValueBytes) {
        return new UnrepresentableException(
                "column " + column + " has " + length + " " + unit + ", more than maxValueBytes " + maxValueBytes);
    }
}
