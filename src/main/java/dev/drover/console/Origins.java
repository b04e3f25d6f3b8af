package dev.drover.console;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides from which pages of a browser a request may come. */
final class Origins {

    /** A header that our page sends with each action; a browser asks this server before another site may send it. */
    static final String HEADER = "X-Drover-Console";

    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);
    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    private Origins() {}

    /**
     * Whether the request names this machine as its host. A page of another site whose name leads to this machine does
     * not, so it cannot read or do anything.
     */
    static boolean isLoopback(HttpServerRequest request) {
        String host = host(request);
        return host != null && LOOPBACK.matcher(host).matches();
    }

    /** Whether the request changes nothing, or comes from a page of this host. */
    static boolean isOurs(HttpServerRequest request) {
        return SAFE.contains(request.method().name())
                || (request.getHeader(HEADER) != null
                        && isJson(request.getHeader("Content-Type"))
                        && isSame(request.getHeader("Origin"), host(request))
                        && isSame(request.getHeader("Sec-Fetch-Site")));
    }

    /** The host and the port that the request names; null if it names none, or no valid host. */
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

    /** A program that is no browser sends no origin. */
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
