package dev.drover.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real HTTP server on loopback that counts what it accepts: the oracle of the acceptance tests. It knows nothing of
 * the sender; a request of two lines a record it reads as {@code _bulk}, and one that is not exactly that it drops. The state is guarded by {@code this}.
 */
public final class Receiver implements AutoCloseable {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final int THREADS = 16;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<String> identity;
    private final List<Request> requests = new ArrayList<>();
    private final Map<String, Integer> accepted = new TreeMap<>();
    private BigDecimal amount = BigDecimal.ZERO;
    private volatile Fault fault = Fault.none();
    private volatile boolean keepsRequests = true;

    private Receiver(HttpServer server, List<String> identity) {
        this.server = server;
        this.identity = identity;
    }

    /** Starts one whose records are told apart by these fields. */
    public static Receiver start(String... identity) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            Receiver receiver = new Receiver(server, List.of(identity));
            server.createContext("/", receiver::receive);
            server.setExecutor(receiver.threads);
            server.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps no requests, only what it has accepted: for a test that sends very many. */
    public Receiver countingOnly() {
        keepsRequests = false;
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/orders";
    }

    /** From now on, this goes wrong. */
    public void fails(Fault next) {
        fault = next;
    }

    private void receive(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            exchange.sendResponseHeaders(204, -1); // someone looks whether it is there, which is no delivery
            exchange.close();
            return;
        }
        Request arrived = read(exchange);
        Answer answer = fault.answer(arrived).orElse(Answer.ACCEPTED);
        count(arrived.answered(answer));
        if (answer.status() == 0) {
            exchange.close();
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        boolean bulk = headers.getOrDefault("content-type", List.of()).contains(BulkBody.TYPE);
        List<JsonNode> records = bulk ? BulkBody.read(body) : records(JSON.readTree(body));
        return new Request(System.nanoTime(), line, headers, sha256(body), body.length, records, Answer.ACCEPTED);
    }

    private static List<JsonNode> records(JsonNode sent) {
        JsonNode json = sent.path("docs").isArray() ? sent.path("docs") : sent;
        List<JsonNode> records = new ArrayList<>();
        (json.isArray() ? json : JSON.createArrayNode().add(json)).forEach(records::add);
        return records;
    }

    private synchronized void count(Request request) {
        if (keepsRequests) {
            requests.add(request);
        }
        if (request.accepted()) {
            for (int place = 0; place < request.records().size(); place++) {
                if (request.answer().accepts(place)) {
                    accept(request.records().get(place));
                }
            }
        }
    }

    private void accept(JsonNode record) {
        accepted.merge(idOf(record), 1, Integer::sum);
        amount = amount.add(new BigDecimal(record.path("amount").asText("0")));
    }

    private String idOf(JsonNode record) {
        return identity.stream().map(field -> record.path(field).asText()).collect(Collectors.joining("/"));
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every request so far, in the order of their answers. */
    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    public synchronized Stream<Request> acceptedRequests() {
        return requests().stream().filter(Request::accepted);
    }

    /** How often each record was accepted, by its identity. */
    public synchronized Map<String, Integer> accepted() {
        return new TreeMap<>(accepted);
    }

    /** How many records were accepted at least once. */
    public synchronized int distinct() {
        return accepted.size();
    }

    /** The records that were accepted more than once. */
    public synchronized List<String> duplicates() {
        return accepted.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The sum of the amounts of all accepted records, duplicates counted. */
    public synchronized BigDecimal amount() {
        return amount;
    }

    /** How many accepted batches had how many records. */
    public Map<Integer, Long> batchSizes() {
        return acceptedRequests()
                .collect(Collectors.groupingBy(
                        request -> request.records().size(), TreeMap::new, Collectors.counting()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
