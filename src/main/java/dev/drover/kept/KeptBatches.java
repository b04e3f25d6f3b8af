package dev.drover.kept;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Beans;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Recovery;
import dev.drover.ledger.Remembered;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.ExchangeHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exactly-once effects: as a step of a delivery route between {@code marshal} and the request, {@link #keep} stores each
 * batch, byte for byte, before it is sent. After a crash, the batches that the checkpoint has not passed are sent again
 * unchanged before anything is read. No other batch contains records of them that were accepted. Thread-safe.
 *
 * <p>Needs the bean {@code store}. Batches of a replay of dead letters are not kept: they have no checkpoint.
 */
public final class KeptBatches implements Recovery, CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(KeptBatches.class);

    private @Nullable CamelContext context;
    private @Nullable KeptStore store;

    /**
     * Makes the body the bytes that every attempt sends, also after a crash.
     *
     * @throws SQLException if the store cannot be written now; nothing may be sent
     * @throws InvalidPayloadException if the body is not one that can be sent
     */
    public void keep(Exchange exchange) throws SQLException, InvalidPayloadException {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch == null) {
            throw new IllegalStateException("only batches are kept, and here is none: this step belongs into the route"
                    + " that delivers a batch");
        }
        Resent resent = Resent.of(batch).orElse(null);
        if (resent == null) {
            keep(exchange, batch);
        } else if (resent.batch().getSize() == batch.getSize()) {
            restore(exchange.getMessage(), resent.kept());
        } else {
            leave(exchange); // the rest of a partly accepted one
            exchange.setRouteStop(true);
        }
    }

    private void keep(Exchange exchange, Batch batch) throws SQLException, InvalidPayloadException {
        if (batch.ledger().epoch() == 0 || batch.getSize() == 0) {
            return;
        }
        try {
            restore(
                    exchange.getMessage(),
                    store().keep(owner(batch.ledger()), asSent(exchange, batch), batch.replaced()));
        } catch (FencedException e) {
            // Not an exception: a clause would try it again.
            batch.ledger().halt(e.getMessage());
            exchange.setRouteStop(true);
        }
    }

    /**
     * Leaves the records of a batch that is sent again, and was refused, to be read again: nothing of them was applied,
     * and only then are they more than keys. For an error clause.
     */
    public void leave(Exchange exchange) {
        Resent.leaveToBeReadAgain(exchange.getProperty(Batch.PROPERTY, Batch.class));
    }

    private static KeptStore.Kept asSent(Exchange exchange, Batch batch) throws InvalidPayloadException {
        Message message = exchange.getMessage();
        return new KeptStore.Kept(
                new KeptStore.Name(ExchangeHelper.getRouteId(exchange), batch.getId()),
                batch.items().stream().map(BatchItem::key).map(Remembered::text).toList(),
                batch.lastPlace(),
                message.getHeader(Exchange.CONTENT_TYPE, String.class),
                message.getHeader(Exchange.CONTENT_ENCODING, String.class),
                message.getMandatoryBody(byte[].class));
    }

    private static void restore(Message message, KeptStore.Kept kept) {
        message.setBody(kept.body());
        header(message, Exchange.CONTENT_TYPE, kept.contentType());
        header(message, Exchange.CONTENT_ENCODING, kept.contentEncoding());
    }

    private static void header(Message message, String name, @Nullable String value) {
        message.removeHeader(name);
        if (value != null) {
            message.setHeader(name, value);
        }
    }

    @Override
    public boolean recover(Ledger ledger) throws SQLException {
        KeptStore.Owner owner = owner(ledger);
        List<KeptStore.Name> names;
        try {
            names = store().unpassed(owner);
            if (!names.isEmpty()) {
                LOG.info(
                        "{}: {} batches may have been sent before, they are sent again as they were",
                        owner.pipeline(),
                        names.size());
            }
            for (KeptStore.Name name : names) {
                if (ledger.isEnding() || !sendAgain(ledger, name)) {
                    return false;
                }
            }
        } catch (FencedException e) {
            ledger.halt(e.getMessage());
            return false;
        }
        return true;
    }

    /** Returns whether its records are delivered, or known to be read again. */
    private boolean sendAgain(Ledger ledger, KeptStore.Name name) throws SQLException {
        Optional<KeptStore.Kept> kept = store().read(ledger.pipeline(), name);
        if (kept.isEmpty()) {
            return true;
        }
        CamelContext running = context();
        Route route = running.getRoute(name.route());
        if (route == null || !keeps(running, name.route())) {
            ledger.halt(
                    "batches of it may have been sent by route " + name.route() + ", which does not keep batches any"
                            + " more: bring its keeping step back, or set the checkpoint by hand to send their records anew");
            return false;
        }
        Resent resent = new Resent(kept.get(), ledger);
        PartSender.sendAgain(resent.batch(), route.getEndpoint());
        return concluded(ledger, name, resent);
    }

    private boolean keeps(CamelContext running, String route) {
        RouteDefinition definition =
                running.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition(route);
        return ProcessorDefinitionHelper.filterTypeInOutputs(definition.getOutputs(), BeanDefinition.class).stream()
                .filter(step -> "keep".equals(step.getMethod()))
                .anyMatch(step -> Beans.of(running, step.getRef()) == this);
    }

    private boolean concluded(Ledger ledger, KeptStore.Name name, Resent resent) throws SQLException {
        if (resent.batch().unsettled() > 0) {
            ledger.gaveUp("a batch that was sent again was neither accepted nor refused; is the outcome step in place,"
                    + " and does every error clause retry or dead-letter?");
            return false;
        }
        List<String> accepted = resent.accepted();
        if (accepted.isEmpty()) {
            store().forget(owner(ledger), name);
        } else {
            ledger.remembered().add(accepted);
        }
        return true;
    }

    private static KeptStore.Owner owner(Ledger ledger) {
        return new KeptStore.Owner(ledger.pipeline(), ledger.epoch());
    }

    private synchronized KeptStore store() {
        if (store == null) {
            store = new KeptStore(CamelContextHelper.mandatoryLookup(context(), "store", DataSource.class));
        }
        return store;
    }

    private CamelContext context() {
        if (context == null) {
            throw new IllegalStateException("batches are kept outside a Camel context");
        }
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }
}
