package dev.drover.delivery;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/** One attempt, as far as somebody listens. */
final class HeardAttempt {

    private final List<Consumer<Attempted>> listeners;
    private final String destination;
    private final long began = System.nanoTime();

    private HeardAttempt(List<Consumer<Attempted>> listeners, String destination) {
        this.listeners = listeners;
        this.destination = destination;
    }

    /** It is about to be made. */
    static HeardAttempt begin(Exchange exchange, Gate gate) {
        List<Consumer<Attempted>> listeners = AttemptListener.Listeners.of(exchange.getContext()).all().stream()
                .map(listener -> listener.begin(exchange, gate.origin()))
                .toList();
        return new HeardAttempt(listeners, gate.origin());
    }

    void ended(Exchange exchange, AttemptEnd end) {
        if (listeners.isEmpty() || end.kind() == AttemptEnd.Kind.NOT_MADE) {
            return;
        }
        Ledger ledger = Underway.ledger(exchange);
        Attempted attempted = new Attempted(
                ledger == null ? "" : ledger.pipeline(),
                destination,
                end.kind().name().toLowerCase(Locale.ROOT),
                status(exchange),
                Duration.ofNanos(System.nanoTime() - began),
                exchange.getException());
        listeners.forEach(listener -> listener.accept(attempted));
    }

    private static int status(Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure instanceof HttpOperationFailedException answer) {
            return answer.getStatusCode();
        }
        Integer status = failure == null ? answered(exchange) : null;
        return status == null ? 0 : status;
    }

    private static @Nullable Integer answered(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }
}
