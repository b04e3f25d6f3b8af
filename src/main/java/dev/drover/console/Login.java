package dev.drover.console;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The page on which a person types the token. Until it is closed, the browser keeps the token in a cookie that no
 * script can read and no other site can send. Thread-safe.
 */
final class Login {

    private static final String PAGE = "/console/";
    private static final Set<String> WAYS = Set.of("/", "/console");
    private static final String FIELD = "token=";
    private static final int LONGEST = 4096;

    private final Token token;
    private final Guesses guesses;

    Login(Token token, Guesses guesses) {
        this.token = token;
        this.guesses = guesses;
    }

    /** Whether the cookie of the request gives the token. */
    boolean isGivenBy(HttpServerRequest request) {
        Cookie cookie = request.getCookie(cookieOf(request));
        return cookie != null && token.isGivenBy("Basic " + cookie.getValue());
    }

    /** The port is part of the name, because browsers send a cookie to every port of a host. */
    private static String cookieOf(HttpServerRequest request) {
        return "drover-" + request.localAddress().port();
    }

    /** Answers a request without a token if it comes from a browser that needs this page; returns whether it did. */
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
                guesses.answerLater(exchange, () -> ask(exchange, 403));
            }
        });
    }

    private static String given(String form) {
        try {
            return form.startsWith(FIELD)
                    ? URLDecoder.decode(form.substring(FIELD.length()), StandardCharsets.UTF_8)
                    : "";
        } catch (IllegalArgumentException e) {
            return ""; // not the form of a browser
        }
    }

    private static long length(@Nullable String header) {
        return header == null || !header.matches("\\d{1,9}") ? Long.MAX_VALUE : Long.parseLong(header);
    }

    private static void ask(RoutingContext exchange, int status) {
        String wrong = status == 403 ? "That is another token." : "";
        exchange.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end(new String(StaticFiles.read("login.html"), StandardCharsets.UTF_8).replace("{wrong}", wrong));
    }
}
