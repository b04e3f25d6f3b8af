package dev.drover.preflight;

import dev.drover.pages.Finding;
import java.util.List;

/** Turns what Camel throws while it loads or starts the routes into one line for the user. */
public final class StartFailure {

    private StartFailure() {}

    /** What a failure means for the user: what was found already, or one line about the folder. */
    public static BadInputException explain(RoutesFolder folder, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadInputException known) {
                return known;
            }
        }
        return new FindingsException(List.of(finding(folder, failure)));
    }

    /** The innermost cause says what is wrong; what wraps it only repeats where Camel was. */
    public static Finding finding(RoutesFolder folder, Throwable failure) {
        return new Finding(folder.path().toString(), 0, "routes", innermost(failure));
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
