package dev.drover.routetest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * A service on the loopback address. It gives the answers of the file, then 200, and records each request. A body in gzip
 * is recorded unzipped.
 */
final class TestService implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ArrayNode requests = TestFile.JSON.createArrayNode();
    private final HttpServer server;
    private final JsonNode answers;

    TestService(JsonNode answers) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized ArrayNode requests() {
        return requests.deepCopy();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode answer = next(exchange);
            if (answer.path("fault").asText().equals("close")) {
                return;
            }
            answer.path("headers").properties().forEach(header -> exchange.getResponseHeaders()
                    .set(header.getKey(), header.getValue().asText()));
            JsonNode body = answer.path("body");
            byte[] bytes = (body.isMissingNode() ? "" : body.isTextual() ? body.textValue() : body.toString())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.path("status").asInt(200), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized JsonNode next(HttpExchange exchange) throws IOException {
        ObjectNode request = requests.addObject();
        request.put("method", exchange.getRequestMethod());
        request.put("path", exchange.getRequestURI().toString());
        ObjectNode headers = request.putObject("headers");
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        boolean zipped = headers.path("content-encoding").asText().equals("gzip");
        InputStream sent = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
        String body = new String(sent.readAllBytes(), StandardCharsets.UTF_8);
        request.set("body", json(body));
        return answers.path(requests.size() - 1);
    }

    /** The text as JSON, or as a text if it is not JSON. */
    static JsonNode json(String text) {
        try {
            return TestFile.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return TestFile.JSON.getNodeFactory().textNode(text);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
