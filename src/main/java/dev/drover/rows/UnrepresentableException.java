package dev.drover.rows;

/**
 * A record has a value that cannot be sent, for instance because it is too long. The message names the column and never
 * quotes the value, so it can be the reason of a dead letter.
 */
public final class UnrepresentableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates it without a stack trace, because it concerns a row and not a place in the code. */
    public UnrepresentableException(String message) {
        super(message, null, false, false);
    }

    static UnrepresentableException tooLong(String column, long length, String unit, long maxValueBytes) {
        return new UnrepresentableException(
                "column " + column + " has " + length + " " + unit + ", more than maxValueBytes " + maxValueBytes);
    }
}
