package dev.drover.pages;

import dev.drover.store.OwnedException;
import java.time.Duration;
import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.cluster.CamelClusterEventListener;
import org.apache.camel.cluster.CamelClusterService;
import org.apache.camel.cluster.CamelClusterView;
import org.apache.camel.cluster.CamelPreemptiveClusterView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process leads a pipeline, by a cluster service of Camel, for instance the one for Kubernetes. Only the
 * leader asks for the lease in the store. The lease does the fencing: a member that was cut off may believe for a while
 * that it leads. Thread-safe.
 */
final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration FIRST_PATIENCE = Duration.ofMinutes(1);

    private final String pipeline;
    private final CamelClusterService service;
    private final CamelClusterEventListener.Leadership listener;
    private volatile CamelClusterView view;
    private Duration patience = FIRST_PATIENCE;
    private volatile long lastLed = System.nanoTime();
    private boolean closed;

    /**
     * Takes part in the election, until it is closed.
     *
     * @param lost called by a thread of the service whenever it says that another process leads, or none
     * @throws RuntimeCamelException if the service does not start
     */
    Leadership(CamelContext context, CamelClusterService service, String pipeline, Runnable lost) {
        this.pipeline = pipeline;
        this.service = service;
        this.listener = (of, leader) -> {
            if (!of.getLocalMember().isLeader()) {
                lastLed = System.nanoTime();
                lost.run();
            }
        };
        try {
            context.addService(service, true, true); // started now, and stopped with the context
        } catch (Exception e) {
            throw failed(e);
        }
        this.view = joined();
    }

    private CamelClusterView joined() {
        try {
            CamelClusterView joined = service.getView(group(pipeline));
            joined.addEventListener(listener);
            return joined;
        } catch (Exception e) {
            throw failed(e);
        }
    }

    private RuntimeCamelException failed(Exception e) {
        return new RuntimeCamelException("no leader can be elected for " + pipeline + ": " + e.getMessage(), e);
    }

    /** A name as Kubernetes and file systems allow it. */
    private static String group(String pipeline) {
        return pipeline.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    boolean holds() {
        return view.getLocalMember().isLeader();
    }

    /** Whether anyone leads, as far as this member knows. */
    boolean isLed() {
        return view.getLeader().isPresent();
    }

    /**
     * Returns if this process leads.
     *
     * @throws OwnedException if it does not
     */
    void require() {
        if (!holds()) {
            throw new OwnedException(
                    view.getLeader()
                            .map(leader -> "pipeline " + pipeline + " is led by " + leader.getId())
                            .orElse("nobody leads pipeline " + pipeline + " yet"),
                    Duration.ZERO);
        }
    }

    /**
     * Begins an election again that has had no result for a minute, and for twice as long each time. To be called from
     * time to time, and not while a lock is held that {@code lost} waits for. The election of Kubernetes ends for good
     * with the first renewal that fails (Camel 4.18.0).
     *
     * @throws RuntimeCamelException if it cannot be begun now
     */
    synchronized void beginAnewWhereNobodyLeads() {
        long now = System.nanoTime();
        if (isLed()) {
            lastLed = now;
            patience = FIRST_PATIENCE;
        } else if (!closed && now - lastLed > patience.toNanos()) {
            LOG.warn("{}: nobody has led it for {} s, the election begins anew", pipeline, patience.toSeconds());
            lastLed = now;
            patience = patience.multipliedBy(2); // a service may need longer than that to elect
            leave();
            view = joined();
        }
    }

    /** Lets another process lead, and never leads again: this process cannot run the pipeline. */
    synchronized void giveUp() {
        if (closed) {
            return;
        }
        if (view instanceof CamelPreemptiveClusterView preemptive) {
            preemptive.setDisabled(true); // a member that only leaves stays the holder, as long as its pod is ready
        } else {
            close();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        leave();
    }

    private void leave() {
        view.removeEventListener(listener);
        try {
            service.releaseView(view);
        } catch (Exception e) {
            throw new RuntimeCamelException("the election of a leader for " + pipeline + " cannot be left", e);
        }
    }
}
