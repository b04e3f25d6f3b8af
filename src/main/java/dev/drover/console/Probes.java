package dev.drover.console;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * The two paths that an orchestrator asks without a token, exactly as they are written: whether the process is alive, and
 * whether it is ready. They answer a status and nothing else.
 */
final class Probes {

    private final CamelContext context;
    private final ManagementHttpServer server;

    Probes(CamelContext context, ManagementHttpServer server) {
        this.context = context;
        this.server = server;
    }

    boolean isOne(HttpServerRequest request) {
        String path = request.path();
        return server.isHealthCheckEnabled()
                && (request.method().name().equals("GET")
                        || request.method().name().equals("HEAD"))
                && (live().equals(path) || ready().equals(path));
    }

    private String live() {
        return server.getHealthPath() + "/live";
    }

    private String ready() {
        return server.getHealthPath() + "/ready";
    }

    /** 200 when it is up, 503 when it is not. */
    void answer(RoutingContext exchange) {
        boolean ready = ready().equals(exchange.request().path());
        exchange.vertx().executeBlocking(() -> isUp(ready), false).onComplete(up -> exchange.response()
                .setStatusCode(up.succeeded() && up.result() ? 200 : 503)
                .end());
    }

    private boolean isUp(boolean ready) {
        Collection<HealthCheck.Result> results =
                ready ? HealthCheckHelper.invokeReadiness(context) : HealthCheckHelper.invokeLiveness(context);
        return HealthCheckHelper.isResultsUp(results, ready);
    }
}
