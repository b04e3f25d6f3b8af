package dev.drover.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A real HTTP server that keeps a batch of orders as soon as it has arrived and says so after a while, so that one that
 * is killed in between has delivered without knowing it. It may refuse single orders, or all while it is down.
 */
final class OrderReceiver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TAKEN = 200;
    private static final int REFUSED = 422;
    private static final int DOWN = 503;

    private final Arrivals arrivals = new Arrivals();
    private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Duration latency;
    private volatile boolean down;

    OrderReceiver(Duration latency) throws IOException {
        this.latency = latency;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/orders";
    }

    /** What it has kept. */
    Arrivals arrivals() {
        return arrivals;
    }

    /** From now on it refuses each batch that has this order. */
    void refuse(int id) {
        refused.add(id);
    }

    /** From now on it answers after this time. */
    void setLatency(Duration next) {
        latency = next;
    }

    void setDown(boolean isDown) {
        down = isDown;
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode batch = JSON.readTree(exchange.getRequestBody());
            int status = down ? DOWN : keep(batch);
            TimeUnit.NANOSECONDS.sleep(latency.toNanos());
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int keep(JsonNode batch) {
        for (JsonNode order : batch) {
            if (refused.contains(order.get("id").asInt())) {
                return REFUSED;
            }
        }
        for (JsonNode order : batch) {
            arrivals.arrived(order.get("id").asInt(), order.get("customer").asText());
        }
        return TAKEN;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
