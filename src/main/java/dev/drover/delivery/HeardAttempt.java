package dev.drover.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.MessageHelper;
import org.jspecify.annotations.Nullable;

/** An attempt that is reported to listeners, and to the trace of its rows. */
record HeardAttempt(List<Consumer<Attempted>> listeners, Gate gate, long began) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Begins the attempt at this time. */
    static HeardAttempt begin(Exchange exchange, Gate gate, long began) {
        List<Consumer<Attempted>> listeners = AttemptListener.Listeners.of(exchange.getContext()).all().stream()
                .map(listener -> listener.begin(exchange, gate.origin()))
                .toList();
        return new HeardAttempt(listeners, gate, began);
    }

    void ended(Exchange exchange, AttemptEnd end) {
        if (end.kind() == AttemptEnd.Kind.NOT_MADE) {
            return;
        }
        Ledger ledger = Underway.ledger(exchange);
        if (ledger != null && ledger.isTraced()) {
            Underway.answered(exchange, gate.origin(), status(exchange), receipt(exchange));
        }
        if (listeners.isEmpty()) {
            return;
        }
        Attempted attempted = new Attempted(
                ledger == null ? "" : ledger.pipeline(),
                gate.origin(),
                end.kind().name().toLowerCase(Locale.ROOT),
                status(exchange),
                Duration.ofNanos(System.nanoTime() - began),
                gate.limit().concurrency(),
                exchange.getException());
        listeners.forEach(listener -> listener.accept(attempted));
    }

    /** The receipt in the answer; null if it has none, or was no success. */
    private static @Nullable String receipt(Exchange exchange) {
        if (exchange.getException() != null) {
            return null;
        }
        Optional<String> pointer = Trace.of(exchange.getContext()).pointer();
        String found = pointer.isPresent()
                ? inBody(exchange, pointer.get())
                : exchange.getProperty(AnswerHead.PROPERTY, AnswerHead.NONE, AnswerHead.class)
                        .receipt();
        return found.isEmpty() ? null : found;
    }

    private static String inBody(Exchange exchange, String pointer) {
        try {
            return JSON.readTree(String.valueOf(MessageHelper.extractBodyAsString(exchange.getMessage())))
                    .at(pointer)
                    .asText();
        } catch (JsonProcessingException e) {
            return ""; // whether such an answer accepts anything is for the policy to say
        }
    }

    private static int status(Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure instanceof HttpOperationFailedException answer) {
            return answer.getStatusCode();
        }
        return failure == null ? exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class) : 0;
    }
}
