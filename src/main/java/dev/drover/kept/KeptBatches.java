package dev.drover.kept;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Beans;
import dev.drover.ledger.CursorJson;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.InContext;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Recovery;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
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
 * Exactly-once effects. The step {@link #keep} of a delivery route, between {@code marshal} and the request, stores the
 * exact bytes of each batch before it is sent. After a crash, the batches beyond the checkpoint are sent again unchanged
 * before anything is read. No other batch contains their accepted records. Thread-safe.
 *
 * <p>Needs the bean {@code store}. Batches of a replay of dead letters are not kept, because they have no checkpoint.
 */
public final class KeptBatches extends InContext implements Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(KeptBatches.class);

    private @Nullable KeptStore store;

    /**
     * Replaces the body by the bytes that every attempt sends, also after a crash.
     *
     * @throws SQLException if the store cannot be written; then the batch must not be sent
     * @throws InvalidPayloadException if the body is not convertible to bytes
     */
    public void keep(Exchange exchange) throws SQLException, InvalidPayloadException {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch == null) {
            throw new IllegalStateException(
                    "only batches are kept, and the exchange has none: this step belongs in the route"
                            + " that delivers batches");
        }
        Resent resent = Resent.of(batch).orElse(null);
        if (resent == null) {
            keep(exchange, batch);
        } else if (resent.batch().getSize() == batch.getSize()) {
            restore(exchange.getMessage(), resent.kept());
        } else {
            leave(exchange); // the rest of a partly accepted batch
            exchange.setRouteStop(true);
        }
    }

    private void keep(Exchange exchange, Batch batch) throws SQLException, InvalidPayloadException {
        if (batch.ledger().settlement().epoch() == 0 || batch.getSize() == 0) {
            return;
        }
        try {
            restore(
                    exchange.getMessage(),
                    store().keep(owner(batch.ledger()), asSent(exchange, batch), batch.replaced()));
        } catch (FencedException e) {
            // not thrown, because a clause would retry it
            batch.ledger().halt(e.getMessage());
            exchange.setRouteStop(true);
        }
    }

    /**
     * Leaves the records of a resent and refused batch to be read again. None of them was applied, and only a read provides
     * more than their keys. For an error clause.
     */
    public void leave(Exchange exchange) {
        Resent.leaveToBeReadAgain(exchange.getProperty(Batch.PROPERTY, Batch.class));
    }

    private static KeptStore.Kept asSent(Exchange exchange, Batch batch) throws InvalidPayloadException {
        Message message = exchange.getMessage();
        return new KeptStore.Kept(
                new KeptStore.Name(ExchangeHelper.getRouteId(exchange), batch.getId()),
                batch.items().stream()
                        .map(BatchItem::key)
                        .map(CursorJson::write)
                        .toList(),
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
                        "{}: {} batches may have been sent before; they are sent again unchanged",
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

    /** Returns whether its records are delivered or will be read again. */
    private boolean sendAgain(Ledger ledger, KeptStore.Name name) throws SQLException {
        Optional<KeptStore.Kept> kept = store().read(ledger.pipeline(), name);
        if (kept.isEmpty()) {
            return true;
        }
        CamelContext running = context();
        Route route = running.getRoute(name.route());
        if (route == null || !keeps(running, name.route())) {
            ledger.halt(
                    "route " + name.route() + ", which no longer keeps batches, may have sent batches of it: restore"
                            + " its keeping step, or set the checkpoint to send their records again");
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
            ledger.ending()
                    .gaveUp(
                            "a batch that was sent again was neither accepted nor refused; is the outcome step in place,"
                                    + " and does every error clause retry or dead-letter?");
            return false;
        }
        List<String> accepted = resent.accepted();
        if (accepted.isEmpty()) {
            store().forget(owner(ledger), name);
        } else {
            ledger.remembered().addAll(accepted);
        }
        return true;
    }

    private static KeptStore.Owner owner(Ledger ledger) {
        return new KeptStore.Owner(ledger.pipeline(), ledger.settlement().epoch());
    }

    private synchronized KeptStore store() {
        if (store == null) {
            store = new KeptStore(CamelContextHelper.mandatoryLookup(context(), "store", DataSource.class));
        }
        return store;
    }
}
