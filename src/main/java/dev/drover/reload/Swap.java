package dev.drover.reload;

import dev.drover.folder.Definition.Kind;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.PagesConsumer;
import dev.drover.route.RouteShape;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces routes. The affected pipelines stop reading and settle their records in flight. Then their routes are removed
 * and the new ones are loaded. Other pipelines continue. For one thread.
 */
final class Swap {

    /** The result. */
    enum Outcome {
        /** The new routes are running. */
        DONE,
        /** The folder changed again: the old routes continue. */
        GIVEN_UP,
        /** The process is stopping: the replacement is unfinished. */
        STOPPED
    }

    /** The new routes could not be started although their check found nothing. */
    static final class SwapException extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean undone;

        SwapException(Exception cause, boolean undone) {
            super(cause);
            this.undone = undone;
        }

        /** Whether the old routes are running again; otherwise their pipelines are stopped. */
        boolean isUndone() {
            return undone;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Swap.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration TOLD_AFTER = Duration.ofSeconds(2);

    private final CamelContext context;
    private final Change change;
    private final RunningRoutes routes;
    private final Set<String> concerned;
    private final Set<String> outdated;
    private final Set<String> arriving;

    Swap(CamelContext context, Change change) {
        this.context = context;
        this.change = change;
        this.routes = new RunningRoutes(context);
        boolean all = change.isOfSharedClauses();
        Set<String> before = change.from().of(Kind.ROUTE).keySet();
        Set<String> after = change.to().of(Kind.ROUTE).keySet();
        outdated = new TreeSet<>(all ? before : change.outdated(Kind.ROUTE));
        arriving = new TreeSet<>(all ? after : change.arriving(Kind.ROUTE));
        outdated.removeIf(id -> !routes.has(id)); // not in the role of this process
        concerned = concerned();
        outdated.addAll(concerned);
        concerned.stream().filter(after::contains).forEach(arriving::add);
    }

    /** A changed route of no pipeline, such as a route for error clauses, affects all pipelines. */
    private Set<String> concerned() {
        Map<String, Set<String>> ways = RouteShape.ways(context);
        boolean all = outdated.stream().anyMatch(id -> ways.values().stream().noneMatch(way -> way.contains(id)));
        return ways.entrySet().stream()
                .filter(way -> all || !Collections.disjoint(way.getValue(), outdated))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The routes that it starts. */
    Set<String> arriving() {
        return arriving;
    }

    @Override
    public String toString() {
        Set<String> removed = new TreeSet<>(outdated);
        removed.removeAll(arriving);
        Set<String> begun = new TreeSet<>(arriving);
        begun.removeIf(id -> !routes.has(id));
        return "started " + begun + (removed.isEmpty() ? "" : ", removed " + removed);
    }

    /**
     * Replaces the routes.
     *
     * @param patience how long records in flight may take to settle; after that they are given up, and the new routes
     *     read them again from the checkpoint
     * @param wanted whether the change is still current; checked while waiting
     * @param stopping whether the process is stopping
     * @throws SwapException if the new routes cannot be started; the old ones are started again
     */
    Outcome perform(Duration patience, BooleanSupplier wanted, BooleanSupplier stopping) throws Exception {
        List<PagesConsumer> readers = routes.readers(routes.withKamelets(concerned));
        readers.forEach(PagesConsumer::holdReading);
        if (!settled(readers, patience, () -> wanted.getAsBoolean() && !stopping.getAsBoolean())) {
            readers.forEach(PagesConsumer::readOn);
            return stopping.getAsBoolean() ? Outcome.STOPPED : Outcome.GIVEN_UP;
        }
        remove();
        if (stopping.getAsBoolean()) {
            return Outcome.STOPPED;
        }
        try {
            routes.load(change.to(), arriving, change.arriving(Kind.BEAN), change.isOfSharedClauses());
        } catch (Exception e) {
            throw undone(e);
        }
        routes.unbind(change.outdated(Kind.BEAN));
        return Outcome.DONE;
    }

    private boolean settled(List<PagesConsumer> readers, Duration patience, BooleanSupplier wanted)
            throws InterruptedException {
        long begun = System.nanoTime();
        boolean told = false;
        while (!areSettled(readers)) {
            if (!wanted.getAsBoolean()) {
                return false;
            }
            long waited = System.nanoTime() - begun;
            if (waited > patience.toNanos()) {
                LOG.warn(
                        "{}: not settled after {} s, given up for the changed routes: read again from the checkpoint",
                        concerned,
                        patience.toSeconds());
                return true;
            }
            if (!told && waited > TOLD_AFTER.toNanos()) {
                told = true;
                LOG.info("{}: the changed routes wait for the records in flight to settle", concerned);
            }
        }
        return true;
    }

    private static boolean areSettled(List<PagesConsumer> readers) throws InterruptedException {
        boolean all = true;
        for (PagesConsumer reader : readers) {
            all &= reader.awaitSettled(TICK);
        }
        return all;
    }

    /** Removes the reading routes first, so that the stopped consumers release their pipelines. */
    private void remove() throws Exception {
        Set<String> all = routes.withKamelets(outdated);
        Set<String> reading = routes.withKamelets(concerned);
        routes.stop(all);
        for (String id : reading) {
            routes.remove(id);
        }
        context.getComponent("pages", PagesComponent.class).running().releaseStopped();
        for (String id : all) {
            routes.remove(id);
        }
        if (change.isOfSharedClauses()) {
            routes.removeConfigurations(change.from().of(Kind.CONFIGURATION).keySet());
        }
    }

    private SwapException undone(Exception failure) {
        try {
            for (String id : routes.withKamelets(arriving)) {
                routes.remove(id);
            }
            if (change.isOfSharedClauses()) {
                routes.removeConfigurations(change.to().of(Kind.CONFIGURATION).keySet());
            }
            routes.unbind(change.arriving(Kind.BEAN));
            routes.load(change.from(), outdated, Set.of(), change.isOfSharedClauses());
        } catch (Exception e) {
            failure.addSuppressed(e);
            return new SwapException(failure, false);
        }
        return new SwapException(failure, true);
    }
}
