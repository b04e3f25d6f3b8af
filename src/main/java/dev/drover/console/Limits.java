package dev.drover.console;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.VertxInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the connections that clients of the management port may hold. It closes a connection on which no whole request arrives in ten
 * seconds. When there are too many connections, it closes the least recently used one, so that a probe always finds
 * room. It turns off HTTP/2, which carries a hundred requests on one connection. It answers a malformed request with
 * 400. Camel has no settings for these limits, so this class stands between Camel and Vert.x. Thread-safe.
 */
final class Limits {

    private static final Logger LOG = LoggerFactory.getLogger(Limits.class);
    private static final int CONNECTIONS = 100;
    private static final int WORKERS = 8;
    private static final long LONGEST_WAIT = Duration.ofSeconds(10).toNanos();
    private static final long BETWEEN_LOOKS = Duration.ofMillis(500).toMillis();
    private static final long BUSY = Long.MAX_VALUE;

    /** Since when each connection has waited for a request, in nanoseconds; the least recently used comes first. */
    private final Map<HttpConnection, Long> connections = new LinkedHashMap<>(16, 0.75f, true);

    private final Vertx vertx = Vertx.vertx();

    /** Must be called before the server starts. */
    void putBefore(CamelContext context, ManagementHttpServer management) {
        context.getCamelContextExtension().getServices().stream()
                .filter(VertxPlatformHttpServer.class::isInstance)
                .map(VertxPlatformHttpServer.class::cast)
                .filter(server -> server.getConfigurationPort() == management.getPort())
                .forEach(server ->
                        server.setVertx(instead(VertxInternal.class, vertx, "createHttpServer", this::server)));
        vertx.setPeriodic(BETWEEN_LOOKS, any -> closeIdle());
    }

    /** Threads for requests that may block, so that the threads of Vert.x stay free for the probes. */
    WorkerExecutor workers() {
        return vertx.createSharedWorkerExecutor("console", WORKERS);
    }

    void close() {
        vertx.close();
    }

    /** A proxy of the target that replaces one method with one argument by this call. */
    private static <T> T instead(Class<T> type, Object target, String method, UnaryOperator<Object> call) {
        InvocationHandler handler = (proxy, called, arguments) -> {
            if (called.getName().equals(method) && called.getParameterCount() == 1) {
                return call.apply(arguments[0]);
            }
            try {
                return called.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(Limits.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object server(Object options) {
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions((HttpServerOptions) options).setHttp2ClearTextEnabled(false))
                .connectionHandler(this::opened);
        return instead(HttpServer.class, server, "requestHandler", next -> server.requestHandler(before(next)));
    }

    private Handler<HttpServerRequest> before(Object handler) {
        Router router = (Router) handler;
        router.route().failureHandler(Limits::fail);
        // a path that cannot be decoded matches no route
        router.errorHandler(
                400, exchange -> exchange.response().setStatusCode(400).end());
        return request -> {
            HttpConnection connection = request.connection();
            request.end().onComplete(any -> waits(connection, BUSY));
            request.response().endHandler(any -> waits(connection, System.nanoTime()));
            if (isWellFormed(request)) {
                router.handle(request);
            } else {
                request.response().setStatusCode(400).end();
            }
        };
    }

    private static boolean isWellFormed(HttpServerRequest request) {
        int hosts = request.headers().getAll("Host").size();
        return request.path() != null
                && request.path().startsWith("/")
                && (hosts == 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_0));
    }

    /** Without this, Vert.x logs client errors as server errors. */
    private static void fail(RoutingContext exchange) {
        Throwable failure = exchange.failure();
        int status = exchange.statusCode();
        if (failure instanceof IllegalArgumentException) {
            status = 400; // the request cannot be parsed
        } else if (status == 500 && !(failure instanceof HttpClosedException)) {
            LOG.error("a request to the management port failed", failure);
        }
        if (!exchange.response().ended() && !exchange.response().closed()) {
            exchange.response().setStatusCode(status).end();
        }
    }

    private void opened(HttpConnection connection) {
        connection.closeHandler(any -> closed(connection));
        HttpConnection tooMany = null;
        synchronized (this) {
            connections.put(connection, System.nanoTime());
            if (connections.size() > CONNECTIONS) {
                // Out of the map at once: it closes later, and the next one that is too many must close another.
                tooMany = connections.keySet().iterator().next();
                connections.remove(tooMany);
            }
        }
        if (tooMany != null) {
            tooMany.close();
        }
    }

    private synchronized void waits(HttpConnection connection, long since) {
        connections.computeIfPresent(connection, (any, before) -> since);
    }

    private synchronized void closed(HttpConnection connection) {
        connections.remove(connection);
    }

    private void closeIdle() {
        long now = System.nanoTime();
        List<HttpConnection> idle = new ArrayList<>();
        synchronized (this) {
            connections.forEach((connection, since) -> {
                if (since != BUSY && now - since > LONGEST_WAIT) {
                    idle.add(connection);
                }
            });
        }
        idle.forEach(HttpConnection::close);
    }
}
