package dev.drover.reload;

import dev.drover.folder.BadInputException;
import dev.drover.folder.Definitions;
import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cause;
import dev.drover.preflight.Rehearsal;
import dev.drover.route.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes changed route files while they run: a folder as a whole, or not at all. If the folder is wrong, it says why
 * once, and the old routes run on. It looks again when the folder changes, and from time to time, since the cause may
 * lie elsewhere. It runs on a thread of its own, which is never interrupted: an embedded store would not survive an
 * interrupt. Thread-safe.
 */
public final class Reload implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private final Path path;
    private final Properties overrides;
    private final Duration patience;
    private final Snapshot.Looks looks;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReentrantLock swapping = new ReentrantLock();
    private Snapshot running;
    private Definitions definitions;
    private @Nullable Snapshot refused;
    private long refusedAt;
    private boolean looksAgain;
    private List<Finding> told = List.of();

    /**
     * Takes the present state of the folder as its start; to be created before the routes are loaded.
     *
     * @param overrides settings that win over the folder's and the environment's
     * @param patience how long what is in flight may take to settle before its routes are exchanged
     * @throws BadInputException if the folder cannot be read
     */
    public Reload(RoutesFolder folder, Properties overrides, Duration patience) {
        this.path = folder.path();
        this.overrides = overrides;
        this.patience = patience;
        this.looks = new Snapshot.Looks(path);
        try {
            this.running = Snapshot.of(path);
        } catch (IOException e) {
            throw new BadInputException("--routes: " + path + " cannot be read: " + e.getMessage(), e);
        }
        this.definitions = Definitions.of(folder);
    }

    /** Begins to look; to be called when the routes of the folder run in this context. */
    public void start(CamelContext context) {
        Thread thread = new Thread(() -> run(context), "reload");
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a question while no routes are exchanged; during an exchange a pipeline may be missing. */
    public <T> T undisturbed(Supplier<T> question) {
        swapping.lock();
        try {
            return question.get();
        } finally {
            swapping.unlock();
        }
    }

    private void run(CamelContext context) {
        try {
            while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                Snapshot state = looks.look().orElse(null);
                if (state != null) {
                    look(context, state);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(CamelContext context, Snapshot state) throws InterruptedException {
        if (state.equals(running)) {
            mended();
            return;
        }
        if (state.equals(refused) && (!looksAgain || System.nanoTime() - refusedAt < AGAIN.toNanos())) {
            return;
        }
        try {
            attempt(context, state);
        } catch (InterruptedException e) {
            throw e;
        } catch (BadInputException e) {
            refuse(state, List.of(finding(String.valueOf(e.getMessage()))));
        } catch (Exception e) {
            LOG.debug("the changed routes were not taken", e);
            refuse(state, List.of(finding(Cause.line(e))));
        }
    }

    /** The wrong change was taken back. */
    private void mended() {
        if (refused != null) {
            refused = null;
            told = List.of();
            LOG.info("{}: is again as it runs", path);
        }
    }

    private void attempt(CamelContext context, Snapshot state) throws Exception {
        RoutesFolder folder = RoutesFolder.open(path);
        Rehearsal rehearsal = new Rehearsal(folder, overrides);
        List<Finding> findings = new ArrayList<>(settings(state));
        findings.addAll(rehearsal.written());
        if (!findings.isEmpty()) {
            refuse(state, findings);
            return;
        }
        Change change = new Change(definitions, Definitions.of(folder));
        findings.addAll(change.restarts());
        if (findings.isEmpty() && !change.isEmpty()) {
            Swap swap = new Swap(context, change);
            findings.addAll(rehearsal.loaded(swap.arriving()));
            if (findings.isEmpty() && looks.isAt(state)) {
                swap(swap, state, change);
                return;
            }
        }
        if (!looks.isAt(state)) {
            return; // what was looked at was not one state of the folder
        }
        if (findings.isEmpty()) {
            taken(state, change.to());
        } else {
            refuse(state, findings);
        }
    }

    /** What is read but once, at the start. */
    private List<Finding> settings(Snapshot state) {
        Set<String> changed = state.differences(running);
        changed.removeIf(file -> file.endsWith(".camel.yaml"));
        return changed.stream()
                .map(file ->
                        new Finding(path.resolve(file).toString(), 0, "file", "has changed, which needs a restart"))
                .toList();
    }

    private void swap(Swap swap, Snapshot state, Change change) throws Exception {
        swapping.lock();
        try {
            Swap.Outcome outcome = swap.perform(patience, () -> looks.isAt(state), () -> closed.getCount() == 0);
            if (outcome == Swap.Outcome.DONE) {
                taken(state, change.to());
                LOG.info("{}: the changed routes run: {}", path, swap);
            }
        } catch (Swap.SwapException e) {
            refuse(state, List.of(finding("cannot be started: " + Cause.line(e))));
            looksAgain = false; // it would stop the pipelines each time
            if (!e.isUndone()) {
                LOG.error("{}: the old routes could not be started again either; restart the process", path);
            }
        } finally {
            swapping.unlock();
        }
    }

    private Finding finding(String message) {
        return new Finding(path.toString(), 0, "routes", message);
    }

    private void taken(Snapshot state, Definitions now) {
        running = state;
        definitions = now;
        refused = null;
        told = List.of();
    }

    private void refuse(Snapshot state, List<Finding> findings) {
        refused = state;
        refusedAt = System.nanoTime();
        looksAgain = true;
        List<Finding> sorted = findings.stream().sorted().toList();
        if (!sorted.equals(told) && closed.getCount() > 0) {
            told = sorted;
            sorted.forEach(finding -> LOG.warn("{}", finding));
            LOG.warn("{}: the changed routes are not taken, the old ones run on", path);
        }
    }

    /** Takes no more changes; when it returns, no routes are being exchanged. */
    @Override
    public void close() {
        closed.countDown();
        undisturbed(() -> true);
    }
}
