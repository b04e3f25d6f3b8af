package dev.drover.testing;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.config.Backfill;
import dev.drover.deadletter.Replay;
import dev.drover.deadletter.ReplayCounts;
import dev.drover.folder.FindingsException;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.StartFailure;
import dev.drover.ledger.Cursor;
import dev.drover.lint.FolderCheck;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.preflight.Roles;
import dev.drover.preflight.Surroundings;
import dev.drover.reload.Reload;
import dev.drover.route.Finding;
import dev.drover.route.Role;
import dev.drover.store.Selection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListener;
import org.apache.camel.main.MainListenerSupport;
import org.jspecify.annotations.Nullable;

/**
 * The application in the test's JVM: camel-main over the very files of {@code routes/} and their properties, with
 * other addresses and sizes. Can be stopped and started again; its source and its store stay.
 */
public final class Drover implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Map<String, RouteFile> files = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable Main camel;
    private @Nullable Duration patience;
    private @Nullable Role role;
    private @Nullable Reload reload;
    private @Nullable Backfill range;
    private boolean checked;

    private Drover() {
        try {
            folder = Files.createTempDirectory("drover");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One whose store is the source's database. Its batches do not close by their age, because a slow test machine
     * would decide how many records they have.
     */
    public static Drover reading(Database source) {
        return new Drover()
                .file(RouteFile.of("routes/beans.camel.yaml").replace("maxAge: 1s", "maxAge: 1h"))
                .file(RouteFile.of("routes/route-configuration.camel.yaml"))
                .set("drover.source.url", source.url())
                .set("drover.source.username", source.username())
                .set("drover.source.consistency", source.exact())
                .set("drover.source.promises", "keysGrow") // the tests insert orders by growing ids
                .set("drover.store.url", source.url())
                .set("drover.store.username", source.username());
    }

    /** Adds a file, or puts it in the place of the one of the same name. */
    public Drover file(RouteFile file) {
        files.put(file.name(), file);
        return this;
    }

    /** Takes a file away that was added before. */
    public Drover without(String name) {
        files.remove(name);
        return this;
    }

    /** Changes a file that was added before. */
    public Drover edit(String name, String old, String replacement) {
        return file(files.get(name).replace(old, replacement));
    }

    public Drover sendingTo(Receiver receiver) {
        return set("drover.orders.url", receiver.url());
    }

    public Drover sizes(int pageSize, int batchSize, int maxInFlight) {
        return set("drover.orders.pageSize", pageSize)
                .set("drover.orders.batchSize", batchSize)
                .set("drover.orders.maxInFlight", maxInFlight);
    }

    /** Ends when the source is drained, like the option {@code --drain}. */
    public Drover draining() {
        return set("camel.component.pages.mode", "DRAIN");
    }

    public Drover set(String key, Object value) {
        settings.put(key, value.toString());
        return this;
    }

    /** Runs the pipelines of this role only. */
    public Drover role(Role only) {
        role = only;
        return set("drover.role", only);
    }

    /** Takes changed files while it runs; what is in flight may take so long to settle before. */
    public Drover watching(Duration patience) {
        this.patience = patience;
        return this;
    }

    /** Delivers this range of keys and nothing else, as the command does. */
    public Drover backfilling(Backfill range) {
        this.range = range;
        return draining();
    }

    /** Is refused at its start as the program is. */
    public Drover checked() {
        checked = true;
        return this;
    }

    /** What the program says when its start fails so. */
    public String explained(Exception failure) {
        return String.valueOf(
                StartFailure.explain(RoutesFolder.open(folder), failure).getMessage());
    }

    /** Writes a file while it runs, as an editor does. */
    public void write(RouteFile file) {
        file(file).files.get(file.name()).writeTo(folder);
    }

    /** Changes a file that was added before while it runs. */
    public void rewrite(String name, String old, String replacement) {
        write(files.get(name).replace(old, replacement));
    }

    /** Deletes a file while it runs. */
    public void delete(String name) {
        try {
            files.remove(name);
            Files.delete(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Drover start() {
        camel = configured();
        Properties overrides = new Properties();
        overrides.putAll(settings);
        if (role != null) {
            Roles.of(RoutesFolder.open(folder), overrides).choose(camel);
        }
        if (patience != null) {
            reload = new Reload(RoutesFolder.open(folder), overrides, patience);
        }
        if (range != null) {
            Backfill chosen = range;
            camel.addMainListener(afterConfigure(context -> LoadedRoutes.backfill(context, chosen)));
        }
        if (checked) {
            check(camel, overrides);
        }
        camel.start();
        if (reload != null) {
            reload.start(camel.getCamelContext());
        }
        return this;
    }

    private void check(Main main, Properties overrides) {
        RouteFile.of("routes/application.properties").writeTo(folder);
        RoutesFolder routes = RoutesFolder.open(folder);
        FolderCheck check = new FolderCheck(routes, overrides);
        refuse(check.files());
        refuse(check.settings());
        main.addMainListener(afterConfigure(context -> {
            refuse(check.pipelines(context));
            refuse(Surroundings.findings(context, routes));
        }));
    }

    private static MainListener afterConfigure(Consumer<CamelContext> action) {
        return new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport main) {
                action.accept(main.getCamelContext());
            }
        };
    }

    private static void refuse(List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw new FindingsException(findings);
        }
    }

    private Main configured() {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:routes/application.properties");
        main.addOverrideProperty(
                "camel.main.routesIncludePattern",
                files.values().stream()
                        .map(file -> "file:" + file.writeTo(folder))
                        .collect(Collectors.joining(",")));
        settings.forEach(main::addOverrideProperty);
        return main;
    }

    /**
     * Sends the rows of all dead letters again, as the command does: beside what runs, until they are settled.
     *
     * @param dropGone whether the dead letters of rows that are gone are removed
     */
    public ReplayCounts reread(boolean dropGone) {
        return replay(context -> {
            pages(context).rereads(context);
            return () -> Replay.ofRows(context, claimed(context), pages(context)::reread, dropGone);
        });
    }

    /** Sends the payloads of all dead letters again, as the command does. */
    public ReplayCounts resend() {
        return replay(context -> () -> Replay.ofPayloads(context, claimed(context), pages(context)::readsChanges));
    }

    private static Duration claimed(CamelContext context) {
        return Duration.ofMillis(pages(context).getLeaseDuration());
    }

    private ReplayCounts replay(Function<CamelContext, Callable<Replay>> configure) {
        Main beside = configured();
        AtomicReference<Callable<Replay>> made = new AtomicReference<>();
        beside.addOverrideProperty("camel.main.autoStartup", "false");
        beside.addMainListener(afterConfigure(context -> made.set(configure.apply(context))));
        beside.start();
        CamelContext context = beside.getCamelContext();
        try {
            Replay replay = made.get().call();
            replay.run(Selection.of(List.of()));
            return replay.counts();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            beside.stop();
            context.stop();
        }
    }

    private static PagesComponent pages(CamelContext context) {
        return context.getComponent("pages", PagesComponent.class);
    }

    /** Stops as the program does when it is told to; does nothing when it does not run. */
    public void stop() {
        if (camel == null) {
            return;
        }
        if (reload != null) {
            reload.close();
            reload = null;
        }
        CamelContext context = camel.getCamelContext();
        camel.stop();
        camel = null;
        if (context != null) {
            context.stop();
        }
    }

    /** Starts, waits until every pipeline has ended, and stops. */
    public void run() {
        start();
        awaitEnd();
        stop();
    }

    /** Waits until every pipeline is finished or halted. */
    public void awaitEnd() {
        // while it stands by for another owner it has none
        await().atMost(PATIENCE)
                .until(() -> !pipelines().isEmpty()
                        && pipelines().stream()
                                .allMatch(pipeline -> pipeline.state() == Pipeline.State.FINISHED
                                        || pipeline.state() == Pipeline.State.HALTED));
    }

    /** Waits until everything read so far is settled. */
    public void awaitSettled() {
        await().atMost(PATIENCE).until(() -> pipelines().stream()
                .allMatch(pipeline ->
                        pipeline.tally().rows() > 0 && pipeline.ledger().window() == 0));
    }

    public CamelContext context() {
        if (camel == null) {
            throw new IllegalStateException("it does not run");
        }
        return camel.getCamelContext();
    }

    public List<Pipeline> pipelines() {
        return new ArrayList<>(pages(context()).pipelines());
    }

    public Pipeline pipeline(String name) {
        return pipelines().stream()
                .filter(pipeline -> pipeline.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The connections to the source or to the store, by that word. */
    public HikariDataSource pool(String name) {
        if (camel == null) {
            throw new IllegalStateException("it does not run");
        }
        return camel.getCamelContext().getRegistry().lookupByNameAndType(name, HikariDataSource.class);
    }

    /** Where its route files are. */
    public Path folder() {
        return folder;
    }

    /** The key up to which the only pipeline is settled, as text; empty before the first page is. */
    public String checkpoint() {
        return pipelines().get(0).checkpoint().map(Cursor::toString).orElse("");
    }

    @Override
    public void close() {
        stop();
    }
}
