package dev.drover.pages;

import dev.drover.route.RoutePlace;
import dev.drover.route.RouteShape;
import dev.drover.rows.Slice;
import dev.drover.sql.PageRequest;
import dev.drover.sql.SqlStep;
import java.util.Iterator;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Looks at a page after each step up to its split, so that its rows are known as they were read, before another step can
 * change them. A page with a fault goes no further. Every Camel context loads this plugin.
 */
public final class ReadSteps implements ContextServicePlugin, InterceptStrategy {

    @Override
    public void load(CamelContext context) {
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        if (isInSplit(context, step)) {
            return AsyncProcessorConverterHelper.convert(target);
        }
        return isSplit(context, step) ? new Split(target) : new Step(target, readsByCursor(context, step));
    }

    private static boolean isInSplit(CamelContext context, NamedNode step) {
        for (NamedNode above = step.getParent(); above != null; above = above.getParent()) {
            if (isSplit(context, above)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSplit(CamelContext context, NamedNode step) {
        return step instanceof SplitDefinition split && RouteShape.isPageStrategy(context, split.getOnPrepare());
    }

    private static boolean readsByCursor(CamelContext context, NamedNode step) {
        return step instanceof ToDefinition to
                && RoutePlace.resolved(context, to.getEndpointUri()).startsWith("sql")
                && context.getEndpoint(to.getEndpointUri()) instanceof SqlEndpoint sql
                && SqlStep.asksFor(sql, PageRequest.AFTER);
    }

    private static final class Step extends DelegateAsyncProcessor {

        private final boolean readsByCursor;

        Step(Processor target, boolean readsByCursor) {
            super(target);
            this.readsByCursor = readsByCursor;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (!(exchange.getProperty(PageOnItsWay.PROPERTY) instanceof PageOnItsWay page)) {
                return super.process(exchange, callback);
            }
            return super.process(exchange, synchronously -> {
                try {
                    page.stepEnded(exchange, readsByCursor);
                } catch (Exception e) {
                    exchange.setException(e);
                }
                if (page.fault().isPresent()) {
                    exchange.setRouteStop(true);
                }
                callback.done(synchronously);
            });
        }
    }

    private static final class Split extends DelegateAsyncProcessor {

        Split(Processor target) {
            super(target);
        }

        /** Splits the page into slices, and restores its body for the steps after the split. */
        private boolean split(Exchange exchange, Iterator<Slice> slices, AsyncCallback callback) {
            Object rows = exchange.getMessage().getBody();
            exchange.getMessage().setBody(slices);
            return super.process(exchange, synchronously -> {
                exchange.getMessage().setBody(rows);
                callback.done(synchronously);
            });
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (exchange.getProperty(PageOnItsWay.PROPERTY) instanceof PageOnItsWay page) {
                try {
                    page.split(exchange);
                } catch (Exception e) {
                    exchange.setException(e);
                    callback.done(true);
                    return true;
                }
                if (page.fault().isPresent()) {
                    exchange.setRouteStop(true);
                    callback.done(true);
                    return true;
                }
                exchange.removeProperty(PageOnItsWay.PROPERTY);
                // The split copies the exchange for each record, and the aggregate copies it again.
                PageRequest.removeVariables(exchange);
                exchange.getMessage().removeHeaders("CamelSql*");
                if (page.slices(exchange).isPresent()) {
                    return split(exchange, page.slices(exchange).get(), callback);
                }
            }
            return super.process(exchange, callback);
        }
    }
}
