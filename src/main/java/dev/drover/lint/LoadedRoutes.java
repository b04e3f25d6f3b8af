package dev.drover.lint;

import dev.drover.config.Backfill;
import dev.drover.folder.BadInputException;
import dev.drover.folder.BuiltIn;
import dev.drover.folder.FindingsException;
import dev.drover.folder.ManagementPort;
import dev.drover.folder.Placeholders;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.StartFailure;
import dev.drover.folder.StepAtWork;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.PagesEndpoint;
import dev.drover.route.Finding;
import dev.drover.route.RouteShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.EnvPropertiesFunction;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;

/**
 * A routes folder that is loaded as {@code run} loads it, but without running routes: it reads, sends and writes
 * nothing.
 */
public final class LoadedRoutes implements AutoCloseable {

    /** A message of Kafka's client, which resolves hosts when it is created. It does not depend on the files. */
    private static final String NO_BROKER = "No resolvable bootstrap urls";

    private final Main camel;

    private LoadedRoutes(Main camel) {
        this.camel = camel;
    }

    /**
     * Loads the routes, their beans and settings.
     *
     * @param overrides settings that take precedence over all others
     * @throws BadInputException if they cannot be loaded
     */
    public static LoadedRoutes open(RoutesFolder folder, Map<String, String> overrides) {
        Main camel = configured(folder, overrides);
        camel.addOverrideProperty("camel.main.autoStartup", "false");
        List<Finding> missing = new FolderCheck(folder, camel.getOverrideProperties()).settings();
        FindingsException.refuse(missing);
        return start(folder, camel);
    }

    /**
     * The findings of Camel when it creates the steps of the routes: expressions, addresses, beans.
     *
     * @param unset the settings without a value
     */
    public static List<Finding> refusals(RoutesFolder folder, List<Finding> unset) {
        Map<String, String> stand = new HashMap<>();
        unset.forEach(missing -> stand.put(missing.key(), Placeholders.UNSET));
        try {
            open(folder, stand).close();
            return List.of();
        } catch (FindingsException e) {
            return e.findings().stream()
                    .filter(finding -> !Placeholders.isOfUnset(finding)
                            && !finding.message().contains(NO_BROKER))
                    .toList();
        }
    }

    /**
     * Starts Camel.
     *
     * @throws BadInputException if it cannot start
     */
    public static LoadedRoutes start(RoutesFolder folder, Main camel) {
        LoadedRoutes loaded = new LoadedRoutes(camel);
        try {
            camel.start();
            return loaded;
        } catch (RuntimeException e) {
            loaded.close();
            List<Finding> written = new FolderCheck(folder, camel.getOverrideProperties()).files();
            throw written.isEmpty()
                    ? StartFailure.explain(folder, camel.getCamelContext(), e)
                    : new FindingsException(written);
        }
    }

    /** Configures stock camel-main with the routes and settings of a folder and the built-in ones. */
    public static Main camel(RoutesFolder folder) {
        Main camel = new Main();
        camel.setDefaultPropertyPlaceholderLocation("false");
        camel.setPropertyPlaceholderLocations(folder.propertiesLocation());
        BuiltIn.properties().forEach((key, value) -> camel.addInitialProperty(key.toString(), value.toString()));
        camel.addOverrideProperty("camel.main.routesIncludePattern", folder.includePattern());
        camel.addOverrideProperty("camel.component.kamelet.location", folder.kamelets());
        ManagementPort.decide(camel, folder);
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                StepAtWork.watch(main.getCamelContext());
                main.getCamelContext().getPropertiesComponent().addPropertiesFunction(environment(main));
                BuiltIn.addMissing(main.getCamelContext(), folder);
            }
        });
        return camel;
    }

    /** The environment variables. An override replaces a variable that is not set. */
    private static PropertiesFunction environment(BaseMainSupport main) {
        return new EnvPropertiesFunction() {
            @Override
            public @Nullable String apply(String name) {
                String value = super.apply(name);
                return value == null ? main.getOverrideProperties().getProperty("env:" + name) : value;
            }
        };
    }

    /** Configures camel-main like {@link #camel}, but without HTTP servers, to work beside a running process. */
    public static Main configured(RoutesFolder folder, Map<String, String> overrides) {
        Main camel = camel(folder);
        camel.addOverrideProperty("camel.server.enabled", "false");
        closeManagement(camel);
        overrides.forEach(camel::addOverrideProperty);
        return camel;
    }

    /** Switches the management port, metrics and traces off. They belong to the running process. */
    public static void closeManagement(Main camel) {
        camel.addOverrideProperty("camel.management.enabled", "false");
        camel.addOverrideProperty("camel.metrics.enabled", "false");
        camel.addOverrideProperty("drover.tracing.endpoint", "none");
    }

    public CamelContext context() {
        return camel.getCamelContext();
    }

    /** The store. It is not opened. */
    public DataSource store() {
        DataSource own = context().getComponent("pages", PagesComponent.class).getStore();
        return own == null ? CamelContextHelper.mandatoryLookup(context(), "store", DataSource.class) : own;
    }

    /** Whether tables may be created in a store without any. */
    public boolean createsStore() {
        return context().getComponent("pages", PagesComponent.class).isCreateStore();
    }

    /** The pipelines, in the order of their route files. */
    public List<LoadedPipeline> pipelines() {
        return pipelines(context());
    }

    public static List<LoadedPipeline> pipelines(CamelContext context) {
        return RouteShape.pipelines(context).stream()
                .map(route -> new LoadedPipeline(
                        context, route, context.getEndpoint(route.getInput().getEndpointUri(), PagesEndpoint.class)))
                .toList();
    }

    /**
     * Has one pipeline read a range of keys, and keeps all others from starting. To be called before the routes start.
     *
     * @throws BadInputException if there is no such pipeline or a key does not fit
     */
    public static void backfill(CamelContext context, Backfill range) {
        List<LoadedPipeline> pipelines = pipelines(context);
        LoadedPipeline chosen = LoadedPipeline.named("NAME", range.pipeline(), pipelines);
        pipelines.stream().filter(pipeline -> !pipeline.equals(chosen)).forEach(LoadedPipeline::leaveAtRest);
        context.getComponent("pages", PagesComponent.class).backfill(range);
        try {
            chosen.config();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        CamelContext context = camel.getCamelContext();
        camel.stop();
        if (context != null) {
            context.stop();
        }
    }
}
