package dev.drover.preflight;

import dev.drover.folder.FindingsException;
import dev.drover.folder.Placeholders;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import dev.drover.route.Nearest;
import dev.drover.route.Role;
import dev.drover.route.RouteSteps;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;

/**
 * Removes the pipelines that do not belong to the role of this process, by Camel's route filter. The filter sees each
 * route before it is added, at the start and at a reload, so no other part of the process knows the removed ones.
 * Routes that do not begin a pipeline always stay. Thread-safe.
 */
public final class Roles {

    private static final String ROLE = "drover.role";
    private static final String SOURCE = "drover.source.url";

    private final RoutesFolder folder;
    private final Role role;
    private final boolean needsNoSource;
    private final Map<String, Role> pipelines = new ConcurrentSkipListMap<>();

    private Roles(RoutesFolder folder, Role role, boolean needsNoSource) {
        this.folder = folder;
        this.role = role;
        this.needsNoSource = needsNoSource;
    }

    /**
     * Uses the role in the settings.
     *
     * @param overrides settings that take precedence over all others
     * @throws FindingsException if the role is unknown
     */
    public static Roles of(RoutesFolder folder, Properties overrides) {
        Settings settings = new Settings(folder, overrides);
        String value = settings.value(ROLE).orElse(Role.ALL.toString());
        Role role = role(value).orElseThrow(() -> {
            List<String> known =
                    Arrays.stream(Role.values()).map(Role::toString).toList();
            String message = "'" + value + "' is not allowed, it must be one of " + String.join(", ", known)
                    + Nearest.hint(value, known);
            return new FindingsException(List.of(folder.finding(ROLE, message)));
        });
        return new Roles(
                folder, role, role == Role.FORWARDER && settings.value(SOURCE).isEmpty());
    }

    /** Uses the role of a reader, whatever the settings say. */
    public static Roles reader(RoutesFolder folder) {
        return new Roles(folder, Role.READER, false);
    }

    /** Whether a route of the context reads a topic. */
    public static boolean forwards(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .anyMatch(route ->
                        Role.of(context, route).filter(Role.FORWARDER::runs).isPresent());
    }

    private static Optional<Role> role(String value) {
        return Stream.of(Role.values())
                .filter(role -> role.toString().equals(value))
                .findFirst();
    }

    /**
     * Installs the filter. A route filter of the user still applies. A {@link FindingsException} refuses the start if
     * no pipeline has the role, because such a process would do nothing for ever.
     */
    public void choose(Main camel) {
        if (needsNoSource) {
            camel.addOverrideProperty(SOURCE, Placeholders.UNSET); // the bean exists but opens no connection
        }
        watch(camel, role);
    }

    /** Has it load every pipeline, for a check, and be refused where it would run none. */
    public void watch(Main camel) {
        watch(camel, Role.ALL);
    }

    private void watch(Main camel, Role loaded) {
        camel.configure().addConfiguration(new CamelConfiguration() {
            @Override
            public void configure(CamelContext context) {
                filter(context, loaded);
            }
        });
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport main) {
                refuseIdle();
            }
        });
    }

    private void filter(CamelContext context, Role loaded) {
        Model model = RouteSteps.model(context);
        Function<RouteDefinition, Boolean> own = model.getRouteFilter();
        model.setRouteFilter(route -> (own == null || own.apply(route)) && loads(context, route, loaded));
    }

    private boolean loads(CamelContext context, RouteDefinition route, Role loaded) {
        Optional<Role> half = Role.of(context, route);
        half.ifPresent(known -> pipelines.put(String.valueOf(route.getRouteId()), known));
        return half.isEmpty() || loaded.runs(half.get());
    }

    private void refuseIdle() {
        if (role == Role.ALL || pipelines.values().stream().anyMatch(role::runs)) {
            return;
        }
        String others = pipelines.entrySet().stream()
                .map(pipeline -> pipeline.getKey() + " (" + pipeline.getValue() + ")")
                .collect(Collectors.joining(", "));
        String there = others.isEmpty() ? "the folder has no pipeline" : "the pipelines are " + others;
        throw new FindingsException(List.of(folder.finding(ROLE, "'" + role + "' would run nothing: " + there)));
    }
}
