package dev.drover.reload;

import dev.drover.folder.BadInputException;
import dev.drover.folder.Definitions;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import dev.drover.ledger.Cause;
import dev.drover.preflight.Rehearsal;
import dev.drover.route.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * Reloads changed route files at runtime: the whole folder, or nothing. If the folder is invalid, it logs the reasons once,
 * and the old routes continue. It tries again when the folder changes, and from time to time, because the cause may be
 * outside the folder. It runs on a separate thread that is never interrupted, because an interrupt would break an embedded
 * store. Thread-safe.
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
     * Starts from the present state of the folder. Must be created before the routes are loaded.
     *
     * @param overrides settings that win over those of the folder and the environment
     * @param patience how long records in flight may take to settle before their routes are replaced
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

    /** The reload that the settings of a folder ask for, which was checked; empty if they ask for none. */
    public static Optional<Reload> bySettings(RoutesFolder folder, Properties overrides) {
        Settings settings = new Settings(folder, overrides);
        return settings.value("drover.reload.enabled")
                .filter("true"::equalsIgnoreCase)
                .map(enabled -> settings.value("drover.reload.patience").orElseThrow())
                .map(millis -> new Reload(folder, overrides, Duration.ofMillis(Long.parseLong(millis))));
    }

    /** Starts watching. Must be called when the routes of the folder run in this context. */
    public void start(CamelContext context) {
        Thread thread = new Thread(() -> run(context), "reload");
        thread.setDaemon(true);
        thread.start();
    }

    /** Calls the supplier while no routes are being replaced, because a pipeline may be missing meanwhile. */
    public <T> T undisturbed(Supplier<T> supplier) {
        swapping.lock();
        try {
            return supplier.get();
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
            LOG.debug("the changed routes were not loaded", e);
            refuse(state, List.of(finding(Cause.line(e))));
        }
    }

    /** The refused change was undone. */
    private void mended() {
        if (refused != null) {
            refused = null;
            told = List.of();
            LOG.info("{}: matches the running routes again", path);
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
            return; // the folder changed during the check
        }
        if (findings.isEmpty()) {
            taken(state, change.to());
        } else {
            refuse(state, findings);
        }
    }

    /** The changed files that are read only at the start. */
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
                LOG.info("{}: the changed routes are running: {}", path, swap);
            }
        } catch (Swap.SwapException e) {
            refuse(state, List.of(finding("cannot be started: " + Cause.line(e))));
            looksAgain = false; // another attempt would stop the pipelines again
            if (!e.isUndone()) {
                LOG.error("{}: the old routes could not be restarted either; restart the process", path);
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
            LOG.warn("{}: the changed routes are not loaded, the old ones continue", path);
        }
    }

    /** Stops watching. When it returns, no routes are being replaced. */
    @Override
    public void close() {
        closed.countDown();
        undisturbed(() -> true);
    }
}
