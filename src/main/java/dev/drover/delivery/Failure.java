package dev.drover.delivery;

import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/** Why an attempt failed, in a few words: the status of the answer, or what went wrong without one. */
final class Failure {

    private Failure() {}

    static String of(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        return failure instanceof HttpOperationFailedException answer
                ? "status " + answer.getStatusCode()
                : String.valueOf(failure);
    }
}
