package dev.drover.console;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.jspecify.annotations.Nullable;

/**
 * Guards every path of the management port with one handler that is installed before the port listens. If a token is set,
 * a request must contain it. Exceptions are the two probes of an orchestrator, which get a status without a body, and the
 * login page with its style sheet. If no token is set, the port listens on loopback only, and a request must name this
 * machine as its host. In both cases an action must come from a page of this host.
 */
final class Guard implements AuthenticationHandler {

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'none'";

    /** A header that our page sends with each action. A browser sends it for another site only after a CORS preflight. */
    private static final String HEADER = "X-Drover-Console";

    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);
    private static final Set<String> SAFE = Set.of("GET", "HEAD");
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

    /** Installs the guard before all handlers of the server. Must be called before the server starts. */
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
        boolean isAdmitted = !token.isSet() || token.isGivenBy(authorization) || login.isGivenBy(exchange.request());
        String refusal = refusal(exchange, isAdmitted);
        if (refusal != null) {
            exchange.response().setStatusCode(403).end(refusal + "\n");
        } else if (isAdmitted) {
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

    private @Nullable String refusal(RoutingContext exchange, boolean isAdmitted) {
        if (!token.isSet() && !isLoopback(exchange.request())) {
            return "only for this machine: use localhost, or set drover.management.token";
        }
        // only if admitted: before that an answer reveals nothing
        return isAdmitted && !isOurs(exchange.request())
                ? "an action needs JSON, the header " + HEADER + " and, from a browser, a page of this host"
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

    /**
     * Whether the request names this machine as its host. A page of a foreign domain that resolves to this machine (DNS
     * rebinding) does not.
     */
    private static boolean isLoopback(HttpServerRequest request) {
        String host = host(request);
        return host != null && LOOPBACK.matcher(host).matches();
    }

    /** Whether the request is safe or comes from a page of this host. */
    private static boolean isOurs(HttpServerRequest request) {
        return SAFE.contains(request.method().name())
                || (request.getHeader(HEADER) != null
                        && isJson(request.getHeader("Content-Type"))
                        && isSame(request.getHeader("Origin"), host(request))
                        && isSame(request.getHeader("Sec-Fetch-Site")));
    }

    /** The host and port of the request; null if it has no valid host. */
    private static @Nullable String host(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null) {
            return null;
        }
        return authority.port() < 0 ? authority.host() : authority.host() + ":" + authority.port();
    }

    private static boolean isJson(@Nullable String type) {
        return type != null
                && type.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip().equals("application/json");
    }

    /** A program other than a browser sends no origin. */
    private static boolean isSame(@Nullable String origin, @Nullable String host) {
        return origin == null
                || (host != null
                        && origin.replaceFirst("^https?://", "").equalsIgnoreCase(host)
                        && origin.contains("://"));
    }

    private static boolean isSame(@Nullable String site) {
        return site == null || site.equals("same-origin");
    }
}
