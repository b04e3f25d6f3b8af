package dev.drover.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import java.util.zip.GZIPInputStream;

/** A real HTTP server on loopback that notes each request as it came, whatever its format. */
public final class RawReceiver implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Arrived> arrived = new CopyOnWriteArrayList<>();
    private volatile ToIntFunction<Arrived> answer = request -> 200;

    /**
     * One request, and the status it was answered with; 0 is a dropped connection.
     *
     * @param encodings the values of all its fields Content-Encoding
     * @param hex the bytes of its body, comparable
     */
    public record Arrived(String key, List<String> types, List<String> encodings, String hex, int status) {

        /** The bytes of the body. */
        public byte[] body() {
            return HexFormat.of().parseHex(hex);
        }

        /** The body as text, after it was decompressed once if it says that it is compressed. */
        public String text() {
            try {
                ByteArrayInputStream bytes = new ByteArrayInputStream(body());
                byte[] plain = encodings.contains("gzip") ? new GZIPInputStream(bytes).readAllBytes() : body();
                return new String(plain, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public RawReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** From now on answers each request with the status that this gives; 0 drops the connection. */
    public RawReceiver answers(ToIntFunction<Arrived> status) {
        answer = status;
        return this;
    }

    /** Every attempt, in order of arrival. */
    public List<Arrived> arrived() {
        return List.copyOf(arrived);
    }

    /** Every attempt that was answered with 200. */
    public List<Arrived> accepted() {
        return arrived.stream().filter(request -> request.status() == 200).toList();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            Arrived request = new Arrived(
                    headers.getFirst("Idempotency-Key"),
                    headers.getOrDefault("Content-Type", List.of()),
                    headers.getOrDefault("Content-Encoding", List.of()),
                    HexFormat.of().formatHex(exchange.getRequestBody().readAllBytes()),
                    0);
            int status = answer.applyAsInt(request);
            arrived.add(new Arrived(request.key(), request.types(), request.encodings(), request.hex(), status));
            if (status != 0) {
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
