package dev.drover.delivery;

import dev.drover.ledger.Ledger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Lets an attempt out only while this process owns the pipeline: stands before every step that sends a batch or a
 * record, and Camel repeats it with the step at each redelivery, so no route has to ask for it. An attempt waits while
 * the lease can not be renewed; when the pipeline is no longer owned, or stops, its exchange ends there, unsettled.
 * Every Camel context finds it by itself.
 */
public final class AttemptCheck implements ContextServicePlugin, InterceptStrategy {

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
        return sends ? new Checked(target) : target;
    }

    private static final class Checked extends DelegateAsyncProcessor {

        Checked(Processor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (mayGoOn(exchange)) {
                return super.process(exchange, callback);
            }
            // Not an exception: a clause would try it again, or set it aside.
            exchange.setRouteStop(true);
            callback.done(true);
            return true;
        }

        private static boolean mayGoOn(Exchange exchange) {
            Ledger ledger = Underway.ledger(exchange);
            try {
                return ledger == null || ledger.awaitLease();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
