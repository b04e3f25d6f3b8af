package dev.drover.delivery;

import dev.drover.ledger.Cause;
import dev.drover.outcome.Fate;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * The end of an attempt, as it concerns the destination: a destination that refuses a batch for its content is alive.
 *
 * @param reason in a few words; empty where nothing failed
 * @param pause for how long the destination asks not to be asked
 * @param quota what it says of a rate limit
 * @param isOverload whether fewer attempts at a time might have been accepted
 */
record AttemptEnd(Kind kind, String reason, Optional<Duration> pause, Optional<Quota> quota, boolean isOverload) {

    enum Kind {
        /** Answered with success. */
        ACCEPTED,
        /** Refused for the content of the batch. */
        REFUSED,
        /** Refused for the size of the body. */
        TOO_LARGE,
        /** Not answered, or the answer says that nothing is accepted now. */
        FAILED,
        /** Nothing was sent. */
        NOT_MADE
    }

    private static final int CONFLICT = 409;
    private static final int TOO_LARGE = 413;
    private static final Set<Integer> OVERLOAD = Set.of(429, 503, 504);

    /**
     * The end of an attempt with this result.
     *
     * @param told what an answer of success says of a rate limit
     * @param finalStatuses failures that concern the batch and not the destination
     */
    static AttemptEnd of(@Nullable Exception failure, Optional<Quota> told, Set<Integer> finalStatuses) {
        if (failure == null) {
            return new AttemptEnd(Kind.ACCEPTED, "", Optional.empty(), told, false);
        }
        String reason = reasonOf(failure);
        if (failure instanceof HttpOperationFailedException answer) {
            int status = answer.getStatusCode();
            Kind kind = finalStatuses.contains(status) ? Kind.REFUSED : kind(status);
            Optional<Duration> pause = RetryAfter.of(status, answer.getResponseHeaders());
            boolean overload = kind == Kind.FAILED && (OVERLOAD.contains(status) || pause.isPresent());
            return new AttemptEnd(kind, reason, pause, Optional.empty(), overload);
        }
        boolean late = failure instanceof InterruptedIOException;
        Kind kind = failure instanceof IOException ? Kind.FAILED : Kind.NOT_MADE;
        return new AttemptEnd(kind, kind == Kind.FAILED ? reason : "", Optional.empty(), Optional.empty(), late);
    }

    /** Why an attempt failed, in a few words: the status of the answer, or the error if there was no answer. */
    static String reasonOf(@Nullable Throwable failure) {
        return failure instanceof HttpOperationFailedException answer
                ? "status " + answer.getStatusCode() + (isLimit(failure) ? ", a limit" : "")
                : Cause.named(failure);
    }

    /** Whether the answer, a 429 or a 403, only asks for a pause. */
    static boolean isLimit(@Nullable Throwable failure) {
        return failure instanceof HttpOperationFailedException answer
                && (answer.getStatusCode() == 429 || answer.getStatusCode() == 403)
                && RetryAfter.of(answer.getStatusCode(), answer.getResponseHeaders())
                        .isPresent();
    }

    /** Whether the destination has processed the batch, in whatever way. */
    boolean isAnswer() {
        return kind != Kind.FAILED && kind != Kind.NOT_MADE;
    }

    private static Kind kind(int status) {
        if (status == TOO_LARGE) {
            return Kind.TOO_LARGE;
        }
        return status == CONFLICT || Fate.isRefusal(status) ? Kind.REFUSED : Kind.FAILED;
    }
}
