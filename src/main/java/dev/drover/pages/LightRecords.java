package dev.drover.pages;

import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordOnPage;
import dev.drover.sql.PageRequest;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Takes the variables and headers of the read step off a page before it is split. The split copies the exchange of the
 * page for each record, and the aggregate copies that once more; with them in it these copies were a third of what a
 * record cost the thread that reads. Every Camel context finds it by itself.
 */
public final class LightRecords implements ContextServicePlugin, InterceptStrategy {

    @Override
    public void load(CamelContext context) {
        context.getCamelContextExtension().addInterceptStrategy(this);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        return step instanceof SplitDefinition ? new OfPage(target) : AsyncProcessorConverterHelper.convert(target);
    }

    private static final class OfPage extends DelegateAsyncProcessor {

        OfPage(Processor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            boolean isPage = exchange.getProperty(OpenPage.PROPERTY) != null
                    && exchange.getProperty(RecordOnPage.PROPERTY) == null;
            if (isPage) {
                PageRequest.removeVariables(exchange);
                exchange.getMessage().removeHeaders("CamelSql*");
            }
            return super.process(exchange, callback);
        }
    }
}
