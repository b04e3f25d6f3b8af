package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.SettlementException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.http.common.HttpMethods;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.WrapAwareProcessor;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Allows an attempt only through the gate of its destination, and only while this process owns the pipeline. It precedes
 * every step that sends a batch or a record, and Camel repeats it with the step at each redelivery, so a route needs no
 * step for it. An attempt waits while the gate is closed or the lease cannot be renewed. If the pipeline stops, or this
 * process no longer owns it, the exchange ends here, unsettled. A batch that is known to be too large for its destination
 * is refused here, as the destination would refuse it. Every Camel context loads this class.
 */
public final class RequestGuard implements ContextServicePlugin, InterceptStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(RequestGuard.class);
    private static final int TOO_LARGE = 413;
    private static final Set<String> INSIDE = Set.of("direct", "kamelet", "log");

    @Override
    public void load(CamelContext context) {
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        boolean sends = step instanceof SendDefinition
                || step instanceof ToDynamicDefinition
                || step instanceof EnrichDefinition;
        boolean delivers = sends && !(step instanceof EnrichDefinition) && !(step instanceof WireTapDefinition);
        return sends ? new Checked(target, step, delivers) : AsyncProcessorConverterHelper.convert(target);
    }

    private static final class Checked extends DelegateAsyncProcessor {

        private final @Nullable EndpointAware sender;
        private final NamedNode step;
        private final boolean delivers;

        Checked(Processor target, NamedNode step, boolean delivers) {
            super(target);
            this.step = step;
            sender = sender(target);
            this.delivers = delivers && !isInside(address()) && !asks(address());
        }

        /** Where it sends to; of an address with a value of the row, as it is written. */
        private String address() {
            if (step instanceof ToDynamicDefinition dynamic) {
                return dynamic.getUri();
            }
            return sender == null || sender.getEndpoint() == null
                    ? ""
                    : sender.getEndpoint().getEndpointUri();
        }

        /** Whether it sends to another route or to the log. */
        private static boolean isInside(String address) {
            return INSIDE.contains(address.replaceFirst("(?s):.*", ""));
        }

        /** Whether it only looks something up; such a request may also come after the delivery. */
        private static boolean asks(String address) {
            return address.matches("(?s).*[?&]httpMethod=(GET|HEAD|OPTIONS)\\b.*");
        }

        /** Looks through the other interceptors that Camel has put around it. */
        private static @Nullable EndpointAware sender(Processor target) {
            if (target instanceof EndpointAware aware) {
                return aware;
            }
            return target instanceof WrapAwareProcessor wrap ? sender(wrap.getWrapped()) : null;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Endpoint endpoint;
            Optional<Gate> gate;
            try {
                endpoint = endpoint(exchange);
                gate = gate(endpoint);
            } catch (RuntimeException e) {
                exchange.setException(e); // the record has no address, or one that is not allowed
                callback.done(true);
                return true;
            }
            Optional<Patience> patience = patience(exchange, endpoint);
            if (patience.isPresent()
                    && patience.get()
                            .waitsForTurn(
                                    exchange,
                                    turn -> goOn(exchange, gate, endpoint, patience, done -> callback.done(false)))) {
                return false;
            }
            return goOn(exchange, gate, endpoint, patience, callback);
        }

        private Optional<Patience> patience(Exchange exchange, @Nullable Endpoint endpoint) {
            Batch batch = delivers ? exchange.getProperty(Batch.PROPERTY, Batch.class) : null;
            return batch != null && endpoint instanceof HttpEndpoint http
                    ? Destination.of(http).flatMap(destination -> Patience.of(exchange, batch, http, destination))
                    : Optional.empty();
        }

        private boolean goOn(
                Exchange exchange,
                Optional<Gate> gate,
                @Nullable Endpoint endpoint,
                Optional<Patience> patience,
                AsyncCallback callback) {
            boolean mayGoOn;
            try {
                mayGoOn = exchange.getException() == null && mayGoOn(exchange, gate, patience);
            } catch (RuntimeException e) {
                exchange.setException(e); // the store cannot take parked records now
                callback.done(true);
                return true;
            }
            if (!mayGoOn) {
                exchange.setException(null);
                // Not an exception: a clause would try it again, or set it aside.
                exchange.setRouteStop(true);
                callback.done(true);
                return true;
            }
            if (delivers) {
                Underway.sentBy(exchange, step);
                post(exchange, endpoint);
                if (endpoint instanceof HttpEndpoint http && http.getHttpMethod() == HttpMethods.DELETE) {
                    exchange.setProperty(Outcome.DELETES, true);
                }
            }
            return gate.map(open -> attempt(exchange, open, endpoint, patience, callback))
                    .orElseGet(() -> super.process(exchange, callback));
        }

        /** Where this exchange is sent; null if that is not an endpoint of HTTP. Camel keeps it for the step. */
        private @Nullable Endpoint endpoint(Exchange exchange) {
            if (step instanceof ToDynamicDefinition dynamic) {
                String address = dynamic.getEndpointProducerBuilder() instanceof MadeAddress made
                        ? made.evaluate(exchange).toString()
                        : dynamic.getUri();
                return address.startsWith("http") ? exchange.getContext().getEndpoint(address) : null;
            }
            return sender == null ? null : sender.getEndpoint();
        }

        private Optional<Gate> gate(@Nullable Endpoint endpoint) {
            boolean made = step instanceof ToDynamicDefinition dynamic
                    && dynamic.getEndpointProducerBuilder() instanceof MadeAddress;
            return Destination.gate(endpoint, made);
        }

        /** Without a method, Camel sends a GET, and no body, if the address has a query or the body is null. */
        private static void post(Exchange exchange, @Nullable Endpoint endpoint) {
            boolean carries =
                    exchange.getProperty(Batch.PROPERTY) != null || exchange.getProperty(RecordOnPage.PROPERTY) != null;
            if (carries && endpoint instanceof HttpEndpoint http && http.getHttpMethod() == null) {
                http.setHttpMethod(HttpMethods.POST);
            }
        }

        private boolean attempt(
                Exchange exchange,
                Gate gate,
                @Nullable Endpoint endpoint,
                Optional<Patience> patience,
                AsyncCallback callback) {
            long bytes = Underway.bytes(exchange);
            Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
            if (batch != null
                    && batch.getSize() > 1
                    && !mayBeApplied(batch)
                    && gate.bodyLimit().exceededBy(bytes)) {
                gate.givenBack();
                share(exchange, gate, bytes);
                exchange.setException(new HttpOperationFailedException(
                        "", TOO_LARGE, "the destination has refused smaller ones", null, null, null));
                callback.done(true);
                return true;
            }
            if (batch != null && delivers && batch.haltsForSecondDestination(step.getId())) {
                gate.givenBack();
                exchange.setRouteStop(true);
                callback.done(true);
                return true;
            }
            Gate.Load load = new Gate.Load(bytes, Underway.records(exchange), System.nanoTime());
            HeardAttempt heard = HeardAttempt.begin(exchange, gate, load.began());
            return super.process(exchange, done -> {
                if (exchange.getException() instanceof IOException) {
                    closeIdle(endpoint);
                }
                AttemptEnd end = ended(exchange, gate, load);
                heard.ended(exchange, end);
                if (exchange.getException() != null && !end.isAnswer() && endsHere(exchange, patience)) {
                    exchange.setException(null);
                    exchange.setRouteStop(true);
                }
                callback.done(done);
            });
        }

        private static boolean endsHere(Exchange exchange, Optional<Patience> patience) {
            try {
                return patience.isPresent() && patience.get().endsAfterFailure();
            } catch (SettlementException e) {
                Underway.failed(exchange, e);
                return false; // the batch is parked at its next attempt
            }
        }

        /** If one connection was dead, the others may be too: the next attempt gets a new one. */
        private static void closeIdle(@Nullable Endpoint endpoint) {
            if (endpoint instanceof HttpEndpoint http
                    && http.getClientConnectionManager() instanceof ConnPoolControl<?> pool) {
                pool.closeIdle(TimeValue.ZERO_MILLISECONDS);
            }
        }

        /**
         * Whether an earlier attempt may have been accepted: then only the destination can refuse the batch for its
         * size.
         */
        private static boolean mayBeApplied(Batch batch) {
            return batch.isRecovered()
                    || batch.isParked()
                    || batch.lastFailure()
                            .filter(failure -> failure.batch().equals(batch.getId()))
                            .isPresent();
        }

        private static AttemptEnd ended(Exchange exchange, Gate gate, Gate.Load load) {
            long bytes = load.bytes();
            if (Cuts.showTooLarge(exchange, bytes)) {
                LOG.warn(
                        "{}: the connection is closed again and again while {} bytes are being sent, without an answer;"
                                + " the batch is divided, as if it were too large",
                        gate.origin(),
                        bytes);
                exchange.setException(new HttpOperationFailedException(
                        "", TOO_LARGE, "the connection was closed while the body was being sent", null, null, null));
            }
            AnswerHead head = exchange.getProperty(AnswerHead.PROPERTY, AnswerHead.NONE, AnswerHead.class);
            AttemptEnd end = gate.ended(load, exchange.getException(), head.quota());
            if (end.kind() == AttemptEnd.Kind.TOO_LARGE) {
                share(exchange, gate, bytes);
            }
            if (exchange.getException() != null) {
                Underway.failed(exchange, exchange.getException());
            }
            return end;
        }

        /** For the step that divides the batch. */
        private static void share(Exchange exchange, Gate gate, long bytes) {
            gate.bodyLimit()
                    .partSize()
                    .ifPresent(size -> exchange.setProperty(Parts.SHARE, Math.min(0.5, (double) size / bytes)));
        }

        private static boolean mayGoOn(Exchange exchange, Optional<Gate> gate, Optional<Patience> patience) {
            if (exchange.getProperty(Batch.PROPERTY) instanceof Batch batch && batch.getSize() == 0) {
                return false; // all that was collected had been delivered before
            }
            try {
                return passes(exchange, gate, Underway.ledger(exchange), patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /**
         * Waits for the lease before the gate, because other pipelines wait for the turn that the gate grants. When the
         * lease ends at the gate, the turn is given back at once.
         */
        private static boolean passes(
                Exchange exchange, Optional<Gate> gate, @Nullable Ledger ledger, Optional<Patience> patience)
                throws InterruptedException {
            while (ledger == null || ledger.awaitLease()) {
                if (patience.isPresent() && patience.get().parked()) {
                    return false;
                }
                if (gate.isPresent() && !new GateWait(gate.get(), exchange, ledger, patience).passed()) {
                    return false;
                }
                if ((ledger == null || ledger.settlement().lease().isHeld()) && !Underway.isAbandoned(exchange)) {
                    return true;
                }
                gate.ifPresent(Gate::givenBack);
                if (Underway.isAbandoned(exchange)) {
                    return false;
                }
            }
            return false;
        }
    }
}
