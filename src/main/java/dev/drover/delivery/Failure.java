package dev.drover.delivery;

import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/** Why an attempt failed, in a few words: the status of the answer, or what went wrong without one. */
final class Failure {

    private Failure() {}

    static String of(@Nullable Throwable failure) {
        return failure instanceof HttpOperationFailedException answer
                ? "status " + answer.getStatusCode()
                : String.valueOf(failure);
    }
}
