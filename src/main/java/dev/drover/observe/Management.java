package dev.drover.observe;

import dev.drover.pages.PagesComponent;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * The health and the metrics of the pipelines on the management port, and traces. Every Camel context finds it by
 * itself; if the port is not open, nothing is watched and nothing is counted.
 */
public final class Management implements ContextServicePlugin {

    @Override
    public void load(CamelContext context) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {

            private final Checks checks = new Checks();

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
                    checks.watch = watch(started);
                }
            }
        });
    }

    /** Whether this context serves the management port. */
    static boolean isOpen(CamelContext context) {
        return context.hasService(ManagementHttpServer.class) != null;
    }

    /**
     * How many rows a pipeline has after its checkpoint, counted some seconds ago and up to
     * {@link dev.drover.pages.RowsAhead#MOST}.
     *
     * @return empty if they are not counted: see {@link dev.drover.pages.RowsAhead}
     */
    public static OptionalLong rowsAhead(CamelContext context, String pipeline) {
        Watch watch = context.hasService(Watch.class);
        return watch == null ? OptionalLong.empty() : watch.rowsAhead(pipeline);
    }

    private static Watch watch(CamelContext context) {
        Watch watch = new Watch(context, context.getComponent("pages", PagesComponent.class));
        try {
            context.addService(watch, true, true);
            return watch;
        } catch (Exception e) {
            throw new IllegalStateException("the pipelines cannot be watched", e);
        }
    }

    /** The checks of a context. */
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
                    ? Stream.of(new Check("start", () -> Readiness.not("the pipelines are being started")))
                    : watching.checks();
        }
    }
}
