package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.ledger.Ledger;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An attempt that waits at a gate. */
final class GateWait {

    private static final Logger LOG = LoggerFactory.getLogger(GateWait.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final Gate gate;
    private final Exchange exchange;
    private final @Nullable Ledger ledger;

    /** Creates the wait of an exchange. It ends with its pipeline, or with its context if it has no pipeline. */
    GateWait(Gate gate, Exchange exchange) {
        this.gate = gate;
        this.exchange = exchange;
        this.ledger = Underway.ledger(exchange);
    }

    /** Waits until the gate lets the attempt pass; false if that would outlast the pipeline. */
    boolean passed() throws InterruptedException {
        int records = Underway.records(exchange);
        while (!gate.pass(records)) {
            gate.closed().ifPresent(this::alarm);
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
