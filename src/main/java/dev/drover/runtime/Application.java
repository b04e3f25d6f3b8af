package dev.drover.runtime;

import dev.drover.audit.AuditReport;
import dev.drover.audit.Auditing;
import dev.drover.config.Backfill;
import dev.drover.deadletter.Replay;
import dev.drover.deadletter.Retention;
import dev.drover.folder.BadInputException;
import dev.drover.folder.FindingsException;
import dev.drover.folder.ManagementPort;
import dev.drover.folder.Placeholders;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.StartFailure;
import dev.drover.ledger.JavaError;
import dev.drover.lint.FolderCheck;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.observe.Progress;
import dev.drover.observe.StatusWriter;
import dev.drover.observe.Summary;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.pages.RowsAhead;
import dev.drover.preflight.Roles;
import dev.drover.preflight.Surroundings;
import dev.drover.reload.Reload;
import dev.drover.route.Finding;
import dev.drover.store.Receipts;
import dev.drover.store.Selection;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.util.function.ThrowingFunction;
import org.apache.camel.util.function.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The standalone runtime: stock camel-main over a routes folder, ended when its work is done. */
public final class Application {

    /** The exit code of work that was not done, or not all of it. */
    public static final int FAILED = 1;

    /** The exit code of bad input. */
    public static final int BAD_INPUT = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** What a stop may take beside {@code camel.main.shutdownTimeout}, as for writing the last checkpoints. */
    private static final Duration AFTER_ROUTES = Duration.ofSeconds(40);

    private final RoutesFolder folder;
    private final PrintWriter out;
    private final PrintWriter err;
    private final org.apache.camel.main.Main camel;
    private final Map<String, Pipeline> pipelines = new TreeMap<>();
    private boolean draining;
    private boolean backfilling;
    private boolean auditing;
    private List<AuditReport> audits = List.of();
    private @Nullable Roles roles;
    private @Nullable Reload reload;
    private volatile @Nullable Replay replay;
    private volatile @Nullable Exception failure;

    /**
     * An application that is not started.
     *
     * @param out where the summary goes
     * @param err where progress goes
     */
    public Application(RoutesFolder folder, PrintWriter out, PrintWriter err) {
        this.folder = folder;
        this.out = out;
        this.err = err;
        this.camel = LoadedRoutes.camel(folder);
    }

    /** Adds the demo: its own source, store and receiver. */
    public void demo() {
        Demo.properties(folder).forEach(camel::addOverrideProperty);
    }

    /** Takes changed route files while it runs, in spite of the settings. */
    public void watch() {
        camel.addOverrideProperty("drover.reload.enabled", "true");
    }

    /** Runs the pipelines of one role, in spite of the settings. */
    public void role(String role) {
        camel.addOverrideProperty("drover.role", role);
    }

    /**
     * Lets every pipeline end when its source is drained. Pipelines whose mode may pass over late rows are audited then.
     */
    public void drain() {
        draining = true;
        camel.addOverrideProperty("camel.component.pages.mode", "DRAIN");
    }

    /** Has what it has read audited when every pipeline has ended. */
    public void audit() {
        auditing = true;
    }

    /** Has one pipeline deliver a range of keys, and no other run: also where the settings say that nothing is read. */
    public void backfill(Backfill range) {
        roles = Roles.reader(folder);
        backfilling = true;
        drain();
        beside();
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport main) {
                LoadedRoutes.backfill(main.getCamelContext(), range);
            }
        });
    }

    /** The management port belongs to the process beside which this one works. */
    private void beside() {
        LoadedRoutes.closeManagement(camel);
    }

    /** Checks the folder; no route reads or sends, no database is opened, and a setting without a value is a note. */
    public Lint lint() {
        FolderCheck check = new FolderCheck(folder, camel.getOverrideProperties());
        List<Finding> findings = new ArrayList<>(check.files());
        List<Finding> unset = check.settings();
        List<Finding> notes = new ArrayList<>(unset);
        if (findings.isEmpty()) {
            unset.forEach(missing -> camel.addOverrideProperty(missing.key(), Placeholders.UNSET));
            findings.addAll(loaded(check, notes));
        }
        if (findings.isEmpty()) {
            findings.addAll(LoadedRoutes.refusals(folder, unset));
        }
        return new Lint(
                findings.stream().sorted().toList(), notes.stream().sorted().toList());
    }

    /**
     * What {@code lint} has to say.
     *
     * @param findings what keeps the pipelines from running
     * @param notes what works, with a risk, and settings that are still to be given
     */
    public record Lint(List<Finding> findings, List<Finding> notes) {}

    private List<Finding> loaded(FolderCheck check, List<Finding> notes) {
        try {
            Roles.of(folder, camel.getOverrideProperties()).watch(camel);
            camel.init();
            notes.addAll(check.notes(camel.getCamelContext()));
            return check.pipelines(camel.getCamelContext());
        } catch (Exception e) {
            BadInputException explained = StartFailure.explain(folder, camel.getCamelContext(), e);
            if (explained instanceof FindingsException found) {
                return found.findings().stream()
                        .filter(finding -> !Placeholders.isOfUnset(finding))
                        .toList();
            }
            throw explained;
        } finally {
            camel.stop();
        }
    }

    /**
     * Runs until the pipelines end or the process is stopped.
     *
     * @return 0, or 1 if a pipeline was halted or an audit at the end found a fault
     * @throws BadInputException if it cannot start with what the user gave it; nothing has run then
     */
    public int run() throws Exception {
        Roles chosen = roles == null ? Roles.of(folder, camel.getOverrideProperties()) : roles;
        chosen.choose(camel);
        ManagementPort.yieldIfTaken(camel, folder);
        FolderCheck check = checked();
        reload();
        CountDownLatch printed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(printed), "summary"));
        try {
            start(check, this::awaitPipelines);
            pipelines.values().forEach(pipeline -> Summary.of(pipeline).forEach(out::println));
            audits.forEach(report -> report.lines().forEach(out::println));
            out.flush();
        } finally {
            printed.countDown();
        }
        boolean failed = pipelines.values().stream().anyMatch(Application::isHalted);
        return failed || !audits.stream().allMatch(AuditReport::isComplete) ? FAILED : 0;
    }

    /** After a signal the process ends with its shutdown hooks. Camel's hook does not wait for the summary. */
    private void await(CountDownLatch printed) {
        try {
            printed.await(camel.configure().getShutdownTimeout() + AFTER_ROUTES.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A run that drains ends by itself: it takes no changes. */
    private void reload() {
        Optional<Reload> wanted =
                draining ? Optional.empty() : Reload.bySettings(folder, camel.getOverrideProperties());
        wanted.ifPresent(created -> {
            reload = created;
            camel.addMainListener(new MainListenerSupport() {
                @Override
                public void afterStart(BaseMainSupport main) {
                    created.start(main.getCamelContext());
                }

                @Override
                public void beforeStop(BaseMainSupport main) {
                    created.close();
                }
            });
        });
    }

    /**
     * Sends dead letters again, while no pipeline of this process reads: their payloads.
     *
     * @return 0, or 1 if some of them stay
     * @throws BadInputException if it cannot start with what the user gave it
     */
    public int replay(Selection selection) throws Exception {
        return replay(
                selection, pages -> Replay.ofPayloads(camel.getCamelContext(), claimed(pages), pages::readsChanges));
    }

    /**
     * Sends the current rows of dead letters again.
     *
     * @param dropGone whether the dead letters of rows that are gone are removed
     */
    public int replayRows(Selection selection, boolean dropGone) throws Exception {
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport main) {
                main.getCamelContext()
                        .getComponent("pages", PagesComponent.class)
                        .rereads(main.getCamelContext());
            }
        });
        return replay(
                selection, pages -> Replay.ofRows(camel.getCamelContext(), claimed(pages), pages::reread, dropGone));
    }

    /** Sends what an audit has set aside, beside the pipelines of this process; whether all was accepted. */
    private boolean deliverNeverRead(String pipeline) throws Exception {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Application replaying = new Application(folder, nowhere, nowhere);
        camel.getOverrideProperties()
                .forEach((key, value) -> replaying.camel.addOverrideProperty(key.toString(), value.toString()));
        return replaying.replayRows(Receipts.neverRead(pipeline), false) == 0;
    }

    private int replay(Selection selection, ThrowingFunction<PagesComponent, Replay, Exception> replaying)
            throws Exception {
        camel.addOverrideProperty("camel.main.autoStartup", "false");
        beside();
        start(checked(), () -> replaySelected(selection, replaying));
        Replay done = replay;
        if (done == null) {
            return FAILED;
        }
        Summary.of(done.counts()).forEach(out::println);
        out.flush();
        return done.isComplete() ? 0 : FAILED;
    }

    private FolderCheck checked() {
        FolderCheck check = new FolderCheck(folder, camel.getOverrideProperties());
        FindingsException.refuse(check.written());
        return check;
    }

    private void start(FolderCheck check, ThrowingRunnable<Exception> work) throws Exception {
        // A repair starts a second application: a thread of the first one may die while the second runs.
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport main) {
                FindingsException.refuse(check.pipelines(main.getCamelContext()));
                FindingsException.refuse(Surroundings.findings(main.getCamelContext(), folder));
            }

            @Override
            public void afterStart(BaseMainSupport main) {
                Thread.setDefaultUncaughtExceptionHandler((thread, by) -> {
                    died(thread, by);
                    if (before != null) {
                        before.uncaughtException(thread, by);
                    }
                });
                Thread worker = new Thread(() -> complete(work), "work");
                worker.setDaemon(true);
                worker.start();
            }
        });
        try {
            camel.run();
        } catch (Exception e) {
            throw StartFailure.explain(folder, camel.getCamelContext(), e);
        } finally {
            camel.stop();
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        Exception failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void complete(ThrowingRunnable<Exception> work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            failure = e;
        } catch (Error e) {
            failure = new IllegalStateException(JavaError.reason(e), e);
        } finally {
            camel.completed();
        }
    }

    /** A thread has ended by this, and with it what it had to do: no pipeline may look as if it went on. */
    private void died(Thread thread, Throwable by) {
        LOG.error("thread {} has ended", thread.getName(), by);
        if (by instanceof Error) {
            PagesComponent pages = camel.getCamelContext().getComponent("pages", PagesComponent.class);
            pages.pipelines().forEach(pipeline -> JavaError.halt(pipeline.ledger(), by));
            if (pages.pipelines().isEmpty()) {
                failure = new IllegalStateException(JavaError.reason(by), by);
                camel.completed();
            }
        }
    }

    private void awaitPipelines() throws Exception {
        PagesComponent pages = camel.getCamelContext().getComponent("pages", PagesComponent.class);
        checkStarted(pages);
        StatusWriter.start(camel.getCamelContext(), pages);
        Retention.start(camel.getCamelContext(), () -> owned(pages));
        Auditing.start(camel.getCamelContext(), this::deliverNeverRead);
        LongSupplier left = () -> RowsAhead.left(camel.getCamelContext(), pages.pipelines());
        Progress progress = draining ? Progress.of(pages, Terminal.console().isPresent(), err, left) : Progress.none();
        try {
            do {
                Thread.sleep(50);
            } while (reload == null ? goesOn(pages) : reload.undisturbed(() -> goesOn(pages)));
        } finally {
            progress.close();
        }
        if (auditing) {
            audits = Auditing.all(camel.getCamelContext());
        } else if (draining && !backfilling) {
            audits = Auditing.passedOver(camel.getCamelContext());
        }
    }

    /** Names the pipelines that were not started. A run that drains would wait for ever if there were no other. */
    private void checkStarted(PagesComponent pages) {
        CamelContext context = camel.getCamelContext();
        Set<String> started = new HashSet<>(pages.waiting());
        pages.pipelines().forEach(pipeline -> started.add(pipeline.name()));
        List<String> left = LoadedRoutes.pipelines(context).stream()
                .map(LoadedPipeline::name)
                .filter(name -> !started.contains(name))
                .toList();
        if (draining && started.isEmpty() && !Roles.forwards(context)) {
            throw new BadInputException(
                    left.isEmpty()
                            ? "--drain: no route of the folder reads a table, so there is nothing to drain"
                            : "--drain: no pipeline runs, because autoStartup is false: " + String.join(", ", left));
        }
        if (!backfilling) {
            left.forEach(name -> LOG.warn("{}: does not run, because autoStartup is false", name));
        }
    }

    private boolean goesOn(PagesComponent pages) {
        boolean waits = !pages.waiting().isEmpty();
        Collection<Pipeline> running = pages.pipelines();
        // A resume, or changed routes, may have replaced a pipeline.
        running.forEach(pipeline -> pipelines.put(pipeline.name(), pipeline));
        return running.isEmpty() || waits || !running.stream().allMatch(Application::isEnded);
    }

    private static Duration claimed(PagesComponent pages) {
        return Duration.ofMillis(pages.getLeaseDuration());
    }

    private void replaySelected(Selection selection, ThrowingFunction<PagesComponent, Replay, Exception> replaying)
            throws Exception {
        Replay started = replaying.apply(camel.getCamelContext().getComponent("pages", PagesComponent.class));
        replay = started;
        Progress progress = Progress.of(started, Terminal.console().isPresent(), err);
        try {
            started.run(selection);
        } finally {
            progress.close();
        }
    }

    private static List<String> owned(PagesComponent pages) {
        return pages.pipelines().stream()
                .filter(pipeline -> !isHalted(pipeline))
                .map(Pipeline::name)
                .toList();
    }

    private static boolean isHalted(Pipeline pipeline) {
        return pipeline.state() == Pipeline.State.HALTED;
    }

    private static boolean isEnded(Pipeline pipeline) {
        return pipeline.state() == Pipeline.State.FINISHED || isHalted(pipeline);
    }
}
