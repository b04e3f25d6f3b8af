package dev.drover.delivery;

import dev.drover.outcome.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, for the destination as a whole: one that refuses a batch for what is in it is alive.
 *
 * @param reason in a few words; empty where nothing failed
 * @param pause for how long the destination asks not to be asked
 */
record AttemptEnd(Kind kind, String reason, Optional<Duration> pause) {

    enum Kind {
        /** Answered with success. */
        ACCEPTED,
        /** Refused for what is in the batch. */
        REFUSED,
        /** Refused for the size of the body. */
        TOO_LARGE,
        /** Not answered, or answered that nothing is accepted now. */
        FAILED,
        /** Nothing was sent. */
        NOT_MADE
    }

    private static final int CONFLICT = 409;
    private static final int TOO_LARGE = 413;

    /**
     * Of an attempt that ended so.
     *
     * @param finalStatuses failures that say something of the batch and not of the destination
     */
    static AttemptEnd of(@Nullable Exception failure, Set<Integer> finalStatuses) {
        if (failure == null) {
            return new AttemptEnd(Kind.ACCEPTED, "", Optional.empty());
        }
        if (failure instanceof HttpOperationFailedException answer) {
            int status = answer.getStatusCode();
            Kind kind = finalStatuses.contains(status) ? Kind.REFUSED : kind(status);
            return new AttemptEnd(kind, Failure.of(failure), RetryAfter.of(status, answer.getResponseHeaders()));
        }
        return failure instanceof IOException
                ? new AttemptEnd(Kind.FAILED, Failure.of(failure), Optional.empty())
                : new AttemptEnd(Kind.NOT_MADE, "", Optional.empty());
    }

    private static Kind kind(int status) {
        if (status == TOO_LARGE) {
            return Kind.TOO_LARGE;
        }
        return status == CONFLICT || Fate.isRefusal(status) ? Kind.REFUSED : Kind.FAILED;
    }
}
