package dev.drover.pages;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the leases of all pipelines of a context, on one thread of its own. */
final class Renewals implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);

    private final PagesComponent pages;
    private final ScheduledExecutorService thread;
    private final Set<String> ended = new HashSet<>();

    Renewals(PagesComponent pages, Duration every) {
        this.pages = pages;
        thread = pages.getCamelContext().getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "lease");
        long millis = every.toMillis();
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::renewAll, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void renewAll() {
        pages.pipelines().stream()
                .filter(pipeline -> !pipeline.lease().isLost())
                .forEach(this::renew);
    }

    private void renew(Pipeline pipeline) {
        String trouble = "";
        try {
            pipeline.renew();
        } catch (RuntimeException e) {
            // Whatever it is: what is thrown from here would end the renewals of all pipelines.
            trouble = String.valueOf(e.getMessage());
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
        pages.getCamelContext().getExecutorServiceManager().shutdownNow(thread);
    }
}
