package dev.drover.delivery;

import dev.drover.ledger.Ledger;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt in front of a gate. */
final class GateWait {

    private static final Logger LOG = LoggerFactory.getLogger(GateWait.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final Gate gate;
    private final @Nullable Ledger ledger;
    private final CamelContext context;

    /** Waits for the pipeline of this ledger; without one, for whatever this context runs. */
    GateWait(Gate gate, @Nullable Ledger ledger, CamelContext context) {
        this.gate = gate;
        this.ledger = ledger;
        this.context = context;
    }

    /** Waits until the gate lets the attempt pass; false if that would outlast the pipeline. */
    boolean passed() throws InterruptedException {
        while (!gate.pass()) {
            gate.closed().ifPresent(this::alarm);
            if (!waited()) {
                return false;
            }
        }
        return true;
    }

    private boolean waited() throws InterruptedException {
        if (ledger != null) {
            return ledger.pause(TICK);
        }
        Thread.sleep(TICK.toMillis());
        return !context.isStopping();
    }

    private void alarm(String reason) {
        if (ledger != null && ledger.faults().refused(reason)) {
            LOG.warn("{}: {}; it is asked again until it does, and nothing is lost", ledger.pipeline(), reason);
        }
    }
}
