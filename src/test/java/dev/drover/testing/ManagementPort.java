package dev.drover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The management port of an application in this JVM or beside it, on a port that was free. */
public final class ManagementPort {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;

    public ManagementPort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the application open it. */
    public Drover of(Drover drover) {
        return drover.set("drover.management.enabled", true).set("drover.management.port", port);
    }

    public int number() {
        return port;
    }

    /** What a GET answers. */
    public HttpResponse<String> get(String path) {
        return send(to(path).build());
    }

    /** What a POST answers that is sent as the console does it. */
    public HttpResponse<String> post(String path) {
        return post(path, "{}");
    }

    /** The same with this JSON. */
    public HttpResponse<String> post(String path, String json) {
        return send(to(path).header("Content-Type", "application/json")
                .header("X-Drover-Console", "1")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
