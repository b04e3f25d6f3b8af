package dev.drover.preflight;

/** Turns what Camel throws at the start into one line for the user. */
public final class StartFailure {

    private StartFailure() {}

    /** The innermost cause says what is wrong; what wraps it only repeats where Camel was. */
    public static BadInputException explain(Exception failure) {
        return new BadInputException(innermost(failure), failure);
    }

    /** The first line of what the innermost cause says. */
    public static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
