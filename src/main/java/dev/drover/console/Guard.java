package dev.drover.console;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.jspecify.annotations.Nullable;

/**
 * Guards every path of the management port with one handler, which is there before the port listens. With a token, a
 * request must give it. Exceptions are the two probes of an orchestrator, which get a status without a body, and the
 * login page with its style. Without a token, which is possible on loopback only, a request must name this machine as
 * its host. In both cases an action must come from a page of this host.
 */
final class Guard implements AuthenticationHandler {

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    private static final String STYLE = "/console/console.css";

    private final Token token;
    private final CamelContext context;
    private final ManagementHttpServer server;
    private final Login login;

    Guard(Token token, CamelContext context, ManagementHttpServer server) {
        this.token = token;
        this.context = context;
        this.server = server;
        this.login = new Login(token);
    }

    /** Puts it before all handlers of the server. Call this before the server starts. */
    void install() {
        AuthenticationConfigEntry entry = new AuthenticationConfigEntry();
        entry.setPath("/*");
        entry.setAuthenticationProviderFactory(vertx -> (credentials, result) -> {
            throw new UnsupportedOperationException("the handler decides");
        });
        entry.setAuthenticationHandlerFactory(new AuthenticationConfig.AuthenticationHandlerFactory() {
            @Override
            public <T extends AuthenticationProvider> AuthenticationHandler createAuthenticationHandler(T provider) {
                return Guard.this;
            }
        });
        AuthenticationConfig authentication = server.getConfiguration().getAuthenticationConfig();
        authentication.getEntries().add(entry);
        authentication.setEnabled(true);
    }

    @Override
    public void handle(RoutingContext exchange) {
        protect(exchange.response());
        String authorization = exchange.request().getHeader("Authorization");
        boolean isLet = !token.isSet() || token.isGivenBy(authorization) || login.isGivenBy(exchange.request());
        String refusal = refusal(exchange, isLet);
        if (refusal != null) {
            exchange.response().setStatusCode(403).end(refusal + "\n");
        } else if (isLet) {
            exchange.next();
        } else if (isProbe(exchange.request())) {
            answerProbe(exchange);
        } else if (exchange.request().path().equals(STYLE)) {
            StaticFiles.answer(exchange, "console.css");
        } else if (authorization == null) {
            if (!login.answers(exchange)) {
                askForToken(exchange);
            }
        } else {
            login.answerLater(exchange, () -> askForToken(exchange));
        }
    }

    /** Only the exact paths of the two probes, and only if the health check is enabled. */
    private boolean isProbe(HttpServerRequest request) {
        String method = request.method().name();
        return server.isHealthCheckEnabled()
                && (method.equals("GET") || method.equals("HEAD"))
                && (request.path().equals(live()) || request.path().equals(ready()));
    }

    private String live() {
        return server.getHealthPath() + "/live";
    }

    private String ready() {
        return server.getHealthPath() + "/ready";
    }

    /** 200 if the process is up, 503 if it is not. */
    private void answerProbe(RoutingContext exchange) {
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

    private static void askForToken(RoutingContext exchange) {
        exchange.response()
                .setStatusCode(401)
                .putHeader("WWW-Authenticate", "Basic realm=\"drover\", charset=\"UTF-8\"")
                .end();
    }

    private @Nullable String refusal(RoutingContext exchange, boolean isLet) {
        if (!token.isSet() && !Origins.isLoopback(exchange.request())) {
            return "only for this machine: ask for localhost, or set drover.management.token";
        }
        // only with the token: without it an answer says nothing about what is here
        return isLet && !Origins.isOurs(exchange.request())
                ? "an action needs JSON, the header " + Origins.HEADER + " and, from a browser, a page of this host"
                : null;
    }

    private static void protect(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
}
