package dev.drover.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The oracle: a real HTTP server that accepts every batch after a while and counts how often each id arrived. */
public final class CountingReceiver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConcurrentHashMap<Long, LongAdder> accepted = new ConcurrentHashMap<>();
    private final AtomicLong records = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final Duration latency;

    public CountingReceiver(Duration latency) throws IOException {
        this.latency = latency;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::accept);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/orders";
    }

    /** How many different ids were accepted. */
    public int distinct() {
        return accepted.size();
    }

    /** How many records were accepted more often than once, each further time counted. */
    public long duplicates() {
        return records.get() - accepted.size();
    }

    public long records() {
        return records.get();
    }

    private void accept(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode batch = JSON.readTree(exchange.getRequestBody());
            TimeUnit.NANOSECONDS.sleep(latency.toNanos());
            batch.forEach(row -> {
                accepted.computeIfAbsent(row.get("id").asLong(), id -> new LongAdder())
                        .increment();
                records.incrementAndGet();
            });
            exchange.sendResponseHeaders(200, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
