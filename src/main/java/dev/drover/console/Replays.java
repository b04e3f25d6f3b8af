package dev.drover.console;

import dev.drover.deadletter.Replay;
import dev.drover.deadletter.ReplayCounts;
import dev.drover.ledger.Holder;
import dev.drover.observe.Summary;
import dev.drover.pages.PagesComponent;
import dev.drover.store.Selection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replays dead letters, one replay at a time, on a separate thread. Thread-safe. */
final class Replays implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

    private final CamelContext context;
    private final PagesComponent pages;
    private final ExecutorService thread;
    private @Nullable Replay replay;
    private boolean running;
    private String failure = "";

    /** @param pages knows how long a claim on dead letters lasts, and which pipelines read change logs */
    Replays(CamelContext context, PagesComponent pages) {
        this.context = context;
        this.pages = pages;
        this.thread = context.getExecutorServiceManager().newSingleThreadExecutor(this, "console-replay");
    }

    /**
     * The state of the last replay.
     *
     * @param settled the number of settled dead letters
     * @param waitsFor what the replay waits for; may be empty
     * @param lines the summary
     */
    record Progress(boolean running, long settled, String waitsFor, List<String> lines) {}

    /** Begins a replay unless another one is running. Returns whether it began. */
    synchronized boolean begin(Selection selection) throws Exception {
        if (running) {
            return false;
        }
        Replay next = Replay.ofPayloads(context, Duration.ofMillis(pages.getLeaseDuration()), pages::readsChanges);
        replay = next;
        running = true;
        failure = "";
        thread.execute(() -> run(next, selection));
        return true;
    }

    private void run(Replay next, Selection selection) {
        String why = "";
        try {
            next.run(selection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("dead letters cannot be replayed now: {}", e.toString());
            why = "failed: the store cannot be used now";
        }
        ended(why);
    }

    private synchronized void ended(String why) {
        running = false;
        failure = why;
    }

    /** The last replay; null if there was none. */
    synchronized @Nullable Progress progress() {
        if (replay == null) {
            return null;
        }
        ReplayCounts counts = replay.counts();
        return new Progress(
                running,
                counts.settled(),
                running ? replay.holder().map(Replays::text).orElse("") : "",
                failure.isEmpty() ? Summary.of(counts) : List.of(failure));
    }

    private static String text(Holder holder) {
        return holder.attempt() == 0 ? "" : "attempt " + holder.attempt() + " failed: " + holder.reason();
    }

    /** Ends the running replay; dead letters that are not accepted yet stay. */
    @Override
    public synchronized void close() {
        if (replay != null && running) {
            replay.stop();
        }
        context.getExecutorServiceManager().shutdown(thread);
    }
}
