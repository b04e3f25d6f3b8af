package dev.drover.observe;

import dev.drover.pages.PagesComponent;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * Installs health checks and metrics for the management port, alarms, and traces. Every Camel context finds this plugin by
 * itself. Without the port, it watches and counts nothing.
 */
public final class Management implements ContextServicePlugin {

    @Override
    public void load(CamelContext context) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {

            private final Checks checks = new Checks();
            private @Nullable Alarms alarms;

            @Override
            public void onContextInitializing(CamelContext initializing) {
                Tracing.begin(initializing);
            }

            @Override
            public void onContextStarting(CamelContext starting) {
                if (isOpen(starting)) {
                    HealthCheckRegistry.get(starting).register(checks);
                }
            }

            @Override
            public void onContextStarted(CamelContext started) {
                if (isOpen(started)) {
                    checks.watch = serve(started, new Watch(started, pages(started)));
                }
                if (Alarms.areWanted(started)) {
                    Duration stalled = Health.of(started).stalled();
                    alarms = serve(started, new Alarms(started, pages(started), stalled, System::nanoTime));
                }
            }

            @Override
            public void onContextStopping(CamelContext stopping) {
                if (alarms != null) {
                    alarms.lastWords();
                }
            }
        });
    }

    /** Whether this context serves the management port. */
    static boolean isOpen(CamelContext context) {
        return context.hasService(ManagementHttpServer.class) != null;
    }

    /**
     * The number of rows after the checkpoint of a pipeline, counted a few seconds ago, at most
     * {@link dev.drover.pages.RowsAhead#MOST}; empty if {@link dev.drover.pages.RowsAhead} does not count them.
     */
    public static OptionalLong rowsAhead(CamelContext context, String pipeline) {
        Watch watch = context.hasService(Watch.class);
        return watch == null ? OptionalLong.empty() : watch.rowsAhead(pipeline);
    }

    private static PagesComponent pages(CamelContext context) {
        return context.getComponent("pages", PagesComponent.class);
    }

    private static <T extends Service> T serve(CamelContext context, T service) {
        try {
            context.addService(service, true, true);
            return service;
        } catch (Exception e) {
            throw new IllegalStateException("the pipelines cannot be watched", e);
        }
    }

    private static final class Checks implements HealthCheckRepository {

        private volatile @Nullable Watch watch;
        private boolean enabled = true;

        @Override
        public String getId() {
            return "drover";
        }

        @Override
        public boolean isEnabled() {
            return enabled;
        }

        @Override
        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        @Override
        public Stream<HealthCheck> stream() {
            Watch watching = watch;
            return watching == null
                    ? Stream.of(new Readiness.Check("start", () -> Readiness.not("the pipelines are starting")))
                    : watching.checks();
        }
    }
}
