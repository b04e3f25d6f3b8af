package dev.drover.pages;

import dev.drover.ledger.Periodic;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of all pipelines of a context, each on a separate thread. So a slow store or claim table of one
 * pipeline does not let the lease of another one end.
 */
final class Renewals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);

    private final ExecutorServiceManager manager;
    private final Supplier<Collection<Pipeline>> pipelines;
    private final Periodic clock;
    private final ExecutorService threads;
    private final Set<Pipeline> underWay = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    /**
     * Begins to renew.
     *
     * @param pipelines the pipelines that this process owns now
     * @param every the time between two renewals
     */
    Renewals(CamelContext context, Supplier<Collection<Pipeline>> pipelines, Duration every) {
        this.manager = context.getExecutorServiceManager();
        this.pipelines = pipelines;
        threads = manager.newCachedThreadPool(this, "renewal");
        clock = new Periodic(context, "lease", every, this::renewAll);
        clock.start();
    }

    private void renewAll() {
        for (Pipeline pipeline : pipelines.get()) {
            if (!pipeline.lease().isLost() && underWay.add(pipeline)) {
                threads.execute(() -> renew(pipeline));
            }
        }
    }

    private void renew(Pipeline pipeline) {
        String trouble = "";
        try {
            pipeline.renew();
        } catch (RuntimeException e) {
            // The next renewal takes place all the same.
            trouble = String.valueOf(e.getMessage());
        } finally {
            underWay.remove(pipeline);
        }
        boolean held = pipeline.lease().isHeld();
        if (!held && !pipeline.lease().isLost() && ended.add(pipeline.name())) {
            LOG.warn("{}: its lease has ended, nothing is sent until it can be renewed: {}", pipeline.name(), trouble);
        }
        if (held && ended.remove(pipeline.name())) {
            LOG.info("{}: its lease is renewed, it goes on", pipeline.name());
        }
    }

    @Override
    public void close() {
        clock.stop();
        manager.shutdownNow(threads);
    }
}
