package dev.drover.pages;

import dev.drover.ledger.JavaError;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.ExecutorServiceManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of all pipelines of a context, each on a thread of its own: a store or a claim table that keeps one
 * waiting lets no lease of another end.
 */
final class Renewals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);

    private final PagesComponent pages;
    private final ScheduledExecutorService clock;
    private final ExecutorService threads;
    private final Set<Pipeline> underWay = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    Renewals(PagesComponent pages, Duration every) {
        this.pages = pages;
        ExecutorServiceManager manager = pages.getCamelContext().getExecutorServiceManager();
        threads = manager.newCachedThreadPool(this, "renewal");
        clock = manager.newSingleThreadScheduledExecutor(this, "lease");
        long millis = every.toMillis();
        ScheduledFuture<?> unused =
                clock.scheduleWithFixedDelay(JavaError.told(this::renewAll), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void renewAll() {
        for (Pipeline pipeline : pages.pipelines()) {
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
            // Whatever it is: the next renewal is due all the same.
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
        ExecutorServiceManager manager = pages.getCamelContext().getExecutorServiceManager();
        manager.shutdownNow(clock);
        manager.shutdownNow(threads);
    }
}
