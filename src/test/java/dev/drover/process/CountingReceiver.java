package dev.drover.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The oracle: a real HTTP server that accepts every batch after a while and counts the ids that arrived. */
public final class CountingReceiver implements AutoCloseable {

    /** The header by which a sender may name the version of its routes. */
    static final String VERSION = "X-Version";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The ids; a bit each, so that ten million fit. */
    private final BitSet accepted = new BitSet();

    private long records;

    /** What the header {@link #VERSION} said, without repeats of one after the other. */
    private final List<String> versions = new ArrayList<>();

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
    public synchronized int distinct() {
        return accepted.cardinality();
    }

    /** How many records were accepted more often than once, each further time counted. */
    public synchronized long duplicates() {
        return records - accepted.cardinality();
    }

    /** The ids that were accepted. */
    synchronized BitSet ids() {
        return (BitSet) accepted.clone();
    }

    /** The versions that delivered, one after the other: one that comes back is there twice. */
    synchronized List<String> versions() {
        return List.copyOf(versions);
    }

    public synchronized long records() {
        return records;
    }

    private void accept(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode batch = JSON.readTree(exchange.getRequestBody());
            TimeUnit.NANOSECONDS.sleep(latency.toNanos());
            count(batch, exchange.getRequestHeaders().getFirst(VERSION));
            exchange.sendResponseHeaders(200, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void count(JsonNode batch, @Nullable String version) {
        if (version != null
                && (versions.isEmpty() || !versions.get(versions.size() - 1).equals(version))) {
            versions.add(version);
        }
        batch.forEach(row -> accepted.set(row.get("id").asInt()));
        records += batch.size();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
