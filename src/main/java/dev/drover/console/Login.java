package dev.drover.console;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The login page for the token. The browser keeps the token in a session cookie that no script can read and no other site
 * can send. The answer to a wrong token takes a second, which slows down guessing. The answer to the right token is
 * immediate, also while others guess. Thread-safe.
 */
final class Login {

    private static final String PAGE = "/console/";
    private static final Set<String> WAYS = Set.of("/", "/console");
    private static final String FIELD = "token=";
    private static final int LONGEST = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final Token token;
    private long wrong;
    private long lastWarning = System.nanoTime() - BETWEEN_WARNINGS.toNanos();

    Login(Token token) {
        this.token = token;
    }

    /** Whether the cookie of the request contains the token. */
    boolean isGivenBy(HttpServerRequest request) {
        Cookie cookie = request.getCookie(cookieOf(request));
        return cookie != null && token.isGivenBy("Basic " + cookie.getValue());
    }

    /** The port is part of the name, because browsers send a cookie to every port of a host. */
    private static String cookieOf(HttpServerRequest request) {
        return "drover-" + request.localAddress().port();
    }

    /** Answers a request without a token if it comes from a browser that needs this page. Returns whether it answered. */
    boolean answers(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        String method = request.method().name();
        if (method.equals("POST") && request.path().equals(PAGE + "login")) {
            take(exchange);
            return true;
        }
        String accepted = request.getHeader("Accept");
        if (!method.equals("GET") || accepted == null || !accepted.contains("text/html")) {
            return false;
        }
        if (WAYS.contains(request.path())) {
            Paths.redirect(exchange);
            return true;
        }
        if (request.path().equals(PAGE)) {
            ask(exchange, 200);
            return true;
        }
        return false;
    }

    private void take(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        if (length(request.getHeader("Content-Length")) > LONGEST) {
            exchange.response()
                    .setStatusCode(413)
                    .putHeader("Connection", "close")
                    .end();
            return;
        }
        request.body().onSuccess(body -> {
            String given = given(body.toString(StandardCharsets.UTF_8));
            if (token.isGivenBy("Bearer " + given)) {
                String pair = Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString((":" + given.strip()).getBytes(StandardCharsets.UTF_8));
                exchange.response()
                        .addCookie(Cookie.cookie(cookieOf(request), pair)
                                .setHttpOnly(true)
                                .setSecure(request.isSSL())
                                .setSameSite(CookieSameSite.STRICT))
                        .setStatusCode(303)
                        .putHeader("Location", "./")
                        .end();
            } else {
                answerLater(exchange, () -> ask(exchange, 403));
            }
        });
    }

    /** Counts a request with a wrong token and answers it after a delay. */
    void answerLater(RoutingContext exchange, Runnable answer) {
        countWrong(exchange);
        exchange.vertx().setTimer(DELAY.toMillis(), any -> {
            if (!exchange.response().closed()) {
                answer.run();
            }
        });
    }

    private synchronized void countWrong(RoutingContext exchange) {
        wrong++;
        if (System.nanoTime() - lastWarning >= BETWEEN_WARNINGS.toNanos()) {
            lastWarning = System.nanoTime();
            LOG.warn(
                    "the management port received {} wrong token(s) since the last such message, the last from {}",
                    wrong,
                    exchange.request().remoteAddress().hostAddress());
            wrong = 0;
        }
    }

    private static String given(String form) {
        try {
            return form.startsWith(FIELD)
                    ? URLDecoder.decode(form.substring(FIELD.length()), StandardCharsets.UTF_8)
                    : "";
        } catch (IllegalArgumentException e) {
            return ""; // not URL-encoded
        }
    }

    private static long length(@Nullable String header) {
        return header == null || !header.matches("\\d{1,9}") ? Long.MAX_VALUE : Long.parseLong(header);
    }

    private static void ask(RoutingContext exchange, int status) {
        String wrong = status == 403 ? "That is not the token." : "";
        exchange.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end(new String(StaticFiles.read("login.html"), StandardCharsets.UTF_8).replace("{wrong}", wrong));
    }
}
