package dev.drover.preflight;

import dev.drover.folder.BadInputException;
import dev.drover.folder.ManagementPort;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.YamlFile;
import dev.drover.ledger.Backoff;
import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettlementException;
import dev.drover.lint.BeansCheck;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.route.Finding;
import dev.drover.source.CheckpointGuard;
import dev.drover.store.Checkpoints;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks before a run what it needs besides its files: free ports, secrets, the store, the sources and the keys. If all
 * of these are right, it checks the checkpoints.
 */
public final class Surroundings {

    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    private final CamelContext context;
    private final RoutesFolder folder;
    private final Predicate<LoadedPipeline> looked;
    private final boolean waits;
    private final List<Finding> findings = new ArrayList<>();

    /** Checks a run of the whole folder. Waits for a database that is down. */
    public static List<Finding> findings(CamelContext context, RoutesFolder folder) {
        return new Surroundings(context, folder, pipeline -> true, true).findings();
    }

    /**
     * Prepares the check of a context that has loaded its routes and is not started.
     *
     * @param looked the pipelines to check
     * @param waits whether to wait for a database that is down; if not, it is a finding
     */
    Surroundings(CamelContext context, RoutesFolder folder, Predicate<LoadedPipeline> looked, boolean waits) {
        this.context = context;
        this.folder = folder;
        this.looked = looked;
        this.waits = waits;
    }

    /** The ports in use, the databases that cannot be opened, and the tables, keys and checkpoints that do not fit. */
    List<Finding> findings() {
        look();
        return findings.stream()
                .map(finding -> YamlFile.atItsKey(folder, finding))
                .sorted()
                .toList();
    }

    private void look() {
        MainHttpServer server = context.hasService(MainHttpServer.class);
        if (server != null) {
            checkPort("camel.server.port", server.getHost(), server.getPort());
        }
        ManagementHttpServer management = context.hasService(ManagementHttpServer.class);
        if (management != null) {
            checkPort("camel.management.port", management.getHost(), management.getPort());
        }
        findings.addAll(new BeansCheck(context, folder).missing());
        Map<DataSource, List<LoadedPipeline>> readers = new LinkedHashMap<>();
        PagesComponent pages = context.getComponent("pages", PagesComponent.class);
        DataSource own = pages.getStore();
        DataSource store = own == null ? context.getRegistry().lookupByNameAndType("store", DataSource.class) : own;
        if (store != null) {
            readers.put(store, new ArrayList<>());
        }
        LoadedRoutes.pipelines(context).stream()
                .filter(looked.and(found -> found.readsSql() || found.endpoint().isChanges()))
                .forEach(pipeline -> readers.computeIfAbsent(pipeline.source(), source -> new ArrayList<>())
                        .add(pipeline));
        readers.forEach(this::checkDatabase);
        if (findings.isEmpty()) {
            checkCheckpoints(pages);
        }
    }

    private void checkPort(String key, String host, int port) {
        if (!ManagementPort.isFree(host, port)) {
            findings.add(folder.finding(
                    key, "port " + port + " of " + host + " cannot be opened, it may be in use; set another one"));
        }
    }

    private void checkDatabase(DataSource database, List<LoadedPipeline> readers) {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
        while (true) {
            try (Connection connection = database.getConnection()) {
                for (LoadedPipeline pipeline : readers) {
                    findings.addAll(new SourceTable(pipeline, connection).findings());
                }
                return;
            } catch (SQLException | RuntimeException e) {
                Unreachable unreachable = new Unreachable(nameOf(database), database, e);
                if (!unreachable.isDown()) {
                    findings.add(unreachable.finding(folder));
                    return;
                }
                if (!waits) {
                    findings.add(unreachable.silent(folder));
                    return;
                }
                await(unreachable, backoff.next());
            }
        }
    }

    /** Waits for a database that is down, because services start in any order after an outage. */
    private static void await(Unreachable unreachable, Duration delay) {
        LOG.warn("{}; tried again in {} s", unreachable.waiting(), delay.toSeconds());
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInputException("told to stop before the start");
        }
    }

    /** Opens the store as the pipelines will, which brings its tables up to date. */
    private void checkCheckpoints(PagesComponent pages) {
        Checkpoints checkpoints;
        try {
            checkpoints = pages.checkpoints();
        } catch (RuntimeException e) {
            findings.add(folder.finding("drover.store.url", Cause.line(e)));
            return;
        }
        if (context.isAutoStartup()) { // a replay starts no pipeline
            LoadedRoutes.pipelines(context).stream().filter(looked).forEach(pipeline -> objection(pipeline, checkpoints)
                    .ifPresent(objection -> findings.add(pipeline.finding("name", objection))));
        }
    }

    private static Optional<String> objection(LoadedPipeline pipeline, Checkpoints checkpoints) {
        try {
            Optional<Cursor> cursor = checkpoints.cursor(pipeline.name());
            return cursor.isEmpty()
                    ? Optional.empty()
                    : pipeline.guard()
                            .objection(cursor.get(), checkpoints.origin(pipeline.name()))
                            .map(CheckpointGuard.Objection::toString);
        } catch (IllegalStateException | SettlementException e) {
            return Optional.of(Cause.line(e));
        } catch (SQLException e) {
            return Optional.of("the checkpoint cannot be compared with the source: " + Cause.line(e));
        }
    }

    private String nameOf(DataSource database) {
        return context.getRegistry().findByTypeWithName(DataSource.class).entrySet().stream()
                .filter(bean -> bean.getValue() == database)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("source");
    }
}
