package dev.drover.delivery;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;

/**
 * Tries a destination without delivering anything: connects, does the handshake for https, and sends OPTIONS without a
 * body.
 *
 * @param tls how its certificate is checked; null for the way of Java
 */
public record DestinationProbe(URI uri, CamelContext context, @Nullable SSLContextParameters tls) {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * The answer.
     *
     * @param status the HTTP status; 0 if there was no answer
     * @param isPage whether it is an HTML page, such as a login
     * @param failure why there was no answer; empty if there was one
     */
    public record Answer(int status, boolean isPage, String failure) {}

    /** The probe of an endpoint; empty if it is not HTTP. */
    public static Optional<DestinationProbe> of(Endpoint endpoint) {
        return endpoint instanceof HttpEndpoint http
                ? Optional.of(
                        new DestinationProbe(http.getHttpUri(), http.getCamelContext(), http.getSslContextParameters()))
                : Optional.empty();
    }

    /** The address without parts that may be secret: user, password and query. */
    public String address() {
        return address(uri);
    }

    static String address(URI uri) {
        return origin(uri) + (uri.getPath() == null ? "" : uri.getPath());
    }

    /** Scheme, host and port. */
    static String origin(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port;
    }

    /** Waits at most five seconds for the connection, and five for the answer. */
    public Answer knock() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address()))
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .timeout(PATIENCE)
                    .build();
            HttpResponse<Void> answer = client().send(request, HttpResponse.BodyHandlers.discarding());
            String type = answer.headers().firstValue("Content-Type").orElse("");
            return new Answer(answer.statusCode(), type.toLowerCase(Locale.ROOT).startsWith("text/html"), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, false, "interrupted");
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return new Answer(0, false, reason(e));
        }
    }

    private HttpClient client() throws GeneralSecurityException, IOException {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(PATIENCE);
        if (tls != null) {
            client.sslContext(tls.createSSLContext(context));
        }
        return client.build();
    }

    /** The most frequent failures of the HTTP client have no message. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "no such host";
            }
        }
        if (failure.getMessage() == null) {
            return failure instanceof ConnectException
                    ? "connection refused"
                    : failure.getClass().getSimpleName();
        }
        return failure instanceof SSLException ? "TLS: " + failure.getMessage() : failure.getMessage();
    }
}
