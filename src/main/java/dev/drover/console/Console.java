package dev.drover.console;

import dev.drover.delivery.AttemptListener;
import dev.drover.ledger.Periodic;
import dev.drover.pages.PagesComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the console and the guard of the management port. Every Camel context finds this plugin by itself. Without the
 * port, the console measures and keeps nothing.
 */
public final class Console implements ContextServicePlugin {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    @Override
    public void load(CamelContext context) {
        context.addLifecycleStrategy(new Running());
    }

    /** The console of one context. */
    private static final class Running extends LifecycleStrategySupport {

        private final Meter meter = new Meter();
        private @Nullable Token token;
        private @Nullable Limits limits;
        private @Nullable Replays replays;
        private @Nullable Periodic sampling;

        /** Runs before the port opens, so that the port is never open without the guard. */
        @Override
        public void onContextStarting(CamelContext context) {
            ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
            if (server != null) {
                token = Token.of(context);
                new Guard(token, context, server).install();
                limits = new Limits();
                limits.putBefore(context, server);
                AttemptListener.add(context, meter);
            }
        }

        @Override
        public void onContextStarted(CamelContext context) {
            ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
            if (server == null || token == null || limits == null) {
                return;
            }
            PagesComponent pages = context.getComponent("pages", PagesComponent.class);
            replays = new Replays(context, pages);
            History history = new History(pages, meter);
            sampling = new Periodic(context, "console", History.STEP, history::sample);
            sampling.start();
            new Paths(context, pages, meter, history, replays, limits.workers()).addTo(server.getRouter());
            LOG.info(
                    "the console is at http://{}:{}/console/{}",
                    server.getHost().equals("0.0.0.0") ? "localhost" : server.getHost(),
                    server.getPort(),
                    token.isSet() ? ", and needs the token (drover.management.token)" : "");
        }

        /** Runs first, so that a replay that waits for its destination does not delay the stop. */
        @Override
        public void onContextStopping(CamelContext context) {
            if (replays != null) {
                replays.close();
            }
            ServiceHelper.stopService(sampling);
        }

        @Override
        public void onContextStopped(CamelContext context) {
            if (limits != null) {
                limits.close();
            }
        }
    }
}
