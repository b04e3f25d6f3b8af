package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.ledger.Ledger;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt that waits at a gate.
 *
 * @param ledger of its pipeline, with which the wait ends; null if it has none, and the wait ends with its context
 */
record GateWait(Gate gate, Exchange exchange, @Nullable Ledger ledger, Optional<Patience> patience) {

    private static final Logger LOG = LoggerFactory.getLogger(GateWait.class);
    private static final Duration TICK = Duration.ofMillis(100);

    /** Waits until the gate lets the attempt pass; false if that would outlast the pipeline or the patience. */
    boolean passed() throws InterruptedException {
        int records = Underway.records(exchange);
        long began = System.nanoTime();
        while (!gate.pass(records)) {
            if (patience.isPresent() && patience.get().ends(gate, System.nanoTime() - began)) {
                return false;
            }
            if (patience.filter(Patience::parks).isEmpty()) {
                gate.closed().ifPresent(this::alarm);
            }
            waitsFor(gate.limit().await(TICK));
            if (ledger == null ? exchange.getContext().isStopping() : !ledger.pause(Duration.ZERO)) {
                return false;
            }
        }
        waitsFor(null);
        return true;
    }

    private void waitsFor(@Nullable String what) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch != null) {
            batch.waitsFor(what);
        }
    }

    private void alarm(String reason) {
        if (ledger != null && ledger.faults().refused(reason)) {
            LOG.warn("{}: {}; it is asked again until it does, and nothing is lost", ledger.pipeline(), reason);
        }
    }
}
