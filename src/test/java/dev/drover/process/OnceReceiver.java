package dev.drover.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A receiver that applies the records of each Idempotency-Key once: a known key with the same body is accepted and not
 * applied again, one with another body gets 422. It answers late, and now and then not at all, after it has applied.
 */
final class OnceReceiver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOSES_ONE_ANSWER_IN = 40;

    private final Map<String, ByteBuffer> bodies = new ConcurrentHashMap<>();
    private final Map<Long, Integer> applied = new ConcurrentHashMap<>();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong changed = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final Random random;

    OnceReceiver(long seed) throws IOException {
        random = new Random(seed);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/orders";
    }

    /** How often each id was applied. */
    Map<Long, Integer> applied() {
        return applied;
    }

    /** How many requests came with a known key and the body of then. */
    long repeated() {
        return repeated.get();
    }

    /** How many requests came with a known key and another body. */
    long changed() {
        return changed.get();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            ByteBuffer body = ByteBuffer.wrap(exchange.getRequestBody().readAllBytes());
            TimeUnit.MILLISECONDS.sleep(random.nextInt(40));
            ByteBuffer known = bodies.putIfAbsent(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body);
            if (known == null) {
                for (JsonNode order : JSON.readTree(body.array())) {
                    applied.merge(order.get("id").asLong(), 1, Integer::sum);
                }
            } else {
                (known.equals(body) ? repeated : changed).incrementAndGet();
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(40));
            if (random.nextInt(LOSES_ONE_ANSWER_IN) > 0) {
                exchange.sendResponseHeaders(known == null || known.equals(body) ? 200 : 422, -1);
            }
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
