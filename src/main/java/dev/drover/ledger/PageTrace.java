package dev.drover.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The trace of the rows of a page, until it is written. Empty unless the pipeline is traced. Thread-safe. */
public final class PageTrace {

    private final Ledger ledger;
    private final Queue<Traced> trace = new ConcurrentLinkedQueue<>();
    private volatile long readAt;

    PageTrace(Ledger ledger) {
        this.ledger = ledger;
        wasRead();
    }

    /** Notes that the rows of the page were read now. */
    void wasRead() {
        if (ledger.isTraced()) {
            readAt = Traced.micros();
        }
    }

    /**
     * Adds the end of rows, if the pipeline is traced. Call it before the rows are settled.
     *
     * @param keys of the rows; not asked if the pipeline is not traced
     */
    public void add(Supplier<? extends Collection<Cursor>> keys, Traced.Outcome outcome, Traced.@Nullable Sent sent) {
        if (ledger.isTraced()) {
            trace.add(Traced.now(keys.get(), outcome, sent, readAt));
        }
    }

    /** Takes what was added since the last call. */
    List<Traced> take() {
        List<Traced> taken = new ArrayList<>();
        for (Traced next = trace.poll(); next != null; next = trace.poll()) {
            taken.add(next);
        }
        return taken;
    }
}
