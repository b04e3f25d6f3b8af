package dev.drover.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** A real HTTP service that notes every request in the order of arrival, and answers as it is told. */
final class Receiver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> arrived = new CopyOnWriteArrayList<>();
    private final List<Request> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile ToIntFunction<Request> answer = request -> 200;

    /** One attempt: where to, what it carries, under which key. */
    record Request(String path, String key, String contentType, JsonNode body) {

        List<JsonNode> records() {
            List<JsonNode> records = new ArrayList<>();
            if (body.isArray()) {
                body.forEach(records::add);
            } else {
                records.add(body);
            }
            return records;
        }

        List<Long> ids() {
            return records().stream().map(record -> record.get("id").asLong()).toList();
        }

        boolean has(long id) {
            return ids().contains(id);
        }
    }

    Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** From now on answers each request with the status that this gives; it may wait before it does. */
    Receiver answers(ToIntFunction<Request> status) {
        answer = status;
        return this;
    }

    /** Every attempt, in order of arrival. */
    List<Request> arrived() {
        return arrived;
    }

    /** Every attempt that was answered with 200, in the order of the answers. */
    List<Request> accepted() {
        return accepted;
    }

    /** The ids of all records accepted, in the order of the answers, repeated if they were accepted again. */
    List<Long> acceptedIds() {
        return accepted.stream().flatMap(request -> request.ids().stream()).toList();
    }

    List<Long> arrivedIds() {
        return arrived.stream().flatMap(request -> request.ids().stream()).toList();
    }

    long attempts(long id) {
        return arrived.stream().filter(request -> request.has(id)).count();
    }

    /** How many requests were open at the same time at most. */
    int mostOpen() {
        return mostOpen.get();
    }

    int open() {
        return open.get();
    }

    private void receive(HttpExchange exchange) throws IOException {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        try (exchange) {
            Request request = new Request(
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    JSON.readTree(exchange.getRequestBody().readAllBytes()));
            arrived.add(request);
            int status = answer.applyAsInt(request);
            if (status == 200) {
                accepted.add(request);
            }
            open.decrementAndGet();
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
