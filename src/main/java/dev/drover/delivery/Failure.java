package dev.drover.delivery;

import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/** Why an attempt failed, in a few words: the status of the answer, or the error if there was no answer. */
final class Failure {

    private Failure() {}

    static String of(@Nullable Throwable failure) {
        if (failure instanceof HttpOperationFailedException answer) {
            return "status " + answer.getStatusCode() + (isLimit(failure) ? ", a limit" : "");
        }
        if (failure == null) {
            return "no reason is known";
        }
        String kind = failure.getClass().getSimpleName();
        String message = failure.getMessage();
        return message == null || message.isBlank() ? kind : message + " (" + kind + ")";
    }

    /** Whether the answer, a 429 or a 403, only asks for a pause. */
    static boolean isLimit(@Nullable Throwable failure) {
        return failure instanceof HttpOperationFailedException answer
                && (answer.getStatusCode() == 429 || answer.getStatusCode() == 403)
                && RetryAfter.of(answer.getStatusCode(), answer.getResponseHeaders())
                        .isPresent();
    }
}
