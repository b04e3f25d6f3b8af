package dev.drover.deadletter;

import dev.drover.ledger.Periodic;
import dev.drover.store.DeadLetterStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes dead letters that are older than the retention, for the pipelines that this process owns. It runs on a separate
 * thread, at the start and once a minute, and deletes a few at a time, so that no pipeline waits for a long delete.
 */
public final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int FEW = 500;

    private Retention() {}

    /**
     * Starts the retention until the context stops. Does nothing if the bean {@code deadLetters} keeps dead letters for ever.
     *
     * @param context with the beans {@code deadLetters} and {@code store}
     * @param pipelines the names of the pipelines that this process owns now
     */
    public static void start(CamelContext context, Supplier<Collection<String>> pipelines) throws Exception {
        DeadLetters deadLetters = context.getRegistry().lookupByNameAndType("deadLetters", DeadLetters.class);
        if (deadLetters == null || deadLetters.kept().isZero()) {
            return;
        }
        DeadLetterStore store = DeadLetterStore.of(context);
        Runnable sweep = () -> pipelines.get().forEach(each -> sweep(context, store, deadLetters.kept(), each));
        context.addService(new Periodic(context, "retention", Duration.ofMinutes(1), sweep));
    }

    private static void sweep(CamelContext context, DeadLetterStore store, Duration kept, String pipeline) {
        Instant before = Instant.now().minus(kept);
        long deleted = 0;
        int some;
        do {
            some = store.deleteBefore(pipeline, before, FEW);
            deleted += some;
        } while (some == FEW && context.isRunAllowed());
        if (deleted > 0) {
            LOG.info("{}: {} dead letters are older than {} and were deleted", pipeline, deleted, kept);
        }
    }
}
