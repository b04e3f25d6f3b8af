package dev.drover.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Items;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Changes to a service that takes them: a stand-in for a search node speaks {@code _bulk} with versions, as Elasticsearch and OpenSearch do. */
@Integration
class SearchIndexTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> documents = new TreeMap<>();
    private final Map<String, Long> versions = new HashMap<>();

    @Test
    void shouldKeepTheIndexInStepWithTheTable() throws Exception {
        HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", this::bulk);
        node.start();
        Database source = Database.postgres().orders(1, 120);
        try (Receiver unused = Receiver.start("id");
                Drover drover = Drover.reading(source)) {
            // Given
            assertThat(new Items(source, unused).drover("changes", "create", "orders", "--apply"))
                    .startsWith("0: ");
            drover.file(RouteFile.of("routes/examples/search-index.camel.yaml"))
                    .set("drover.source.promises", "")
                    .set(
                            "drover.orders.url",
                            "http://127.0.0.1:" + node.getAddress().getPort() + "/orders/_bulk")
                    .start();
            awaitInStep(source);

            // When
            source.run(
                    "UPDATE orders SET customer = 'another' WHERE id <= 20",
                    "DELETE FROM orders WHERE id > 100",
                    "UPDATE orders SET id = 500 WHERE id = 50",
                    "INSERT INTO orders SELECT 600, customer, product, quantity, amount, ordered_at FROM orders WHERE id = 1",
                    "DELETE FROM orders WHERE id = 600");

            // Then
            awaitInStep(source);
            await().until(() -> drover.pipeline("search-index").ledger().window() == 0);
            assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isEqualTo(BigDecimal.ZERO);
        } finally {
            node.stop(0);
        }
    }

    @Test
    void shouldPutOrDeleteEachRowAtItsAddressAndTakeWhatIsGoneAsDeleted() {
        Database source = Database.mariaDb().orders(1, 3);
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(source)) {
            // Given
            assertThat(new Items(source, receiver).drover("changes", "create", "orders", "--apply"))
                    .startsWith("0: ");
            source.run("DELETE FROM orders WHERE id = 2");

            receiver.fails(request -> request.line().startsWith("DELETE ")
                    ? Optional.of(new Answer(404, Map.of(), ""))
                    : Optional.empty());

            // When
            drover.file(RouteFile.of("routes/examples/put-or-delete.camel.yaml"))
                    .sendingTo(receiver)
                    .set("drover.source.promises", "")
                    .draining()
                    .checked()
                    .run();

            // Then
            assertThat(receiver.requests().stream().map(Request::line))
                    .containsExactlyInAnyOrder("PUT /orders/1", "DELETE /orders/2", "PUT /orders/3");
            assertThat(receiver.accepted()).containsOnlyKeys("1", "3");
            assertThat(receiver.requests())
                    .allMatch(request -> request.line().startsWith("PUT ") == request.bytes() > 0);
            assertThat(source.number("SELECT COUNT(*) FROM drover_dead_letter")).isEqualTo(BigDecimal.ZERO);
        }
    }

    private void awaitInStep(Database source) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            Map<String, String> there = new TreeMap<>();
            source.column("SELECT CONCAT(id, '=', customer) FROM orders")
                    .forEach(row -> there.put(row.split("=", 2)[0], row.split("=", 2)[1]));
            synchronized (this) {
                assertThat(documents).isEqualTo(there);
            }
        });
    }

    private void bulk(HttpExchange exchange) throws IOException {
        List<String> lines = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        byte[] answer = exchange.getRequestMethod().equals("POST")
                ? apply(lines).getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private synchronized String apply(List<String> lines) throws IOException {
        StringBuilder items = new StringBuilder();
        for (int line = 0; line < lines.size(); line++) {
            JsonNode action = JSON.readTree(lines.get(line));
            String name = action.fieldNames().next();
            JsonNode target = action.path(name);
            JsonNode document = name.equals("index") ? JSON.readTree(lines.get(++line)) : null;
            String id = target.path("_id").asText();
            int status = status(name, id, target, document);
            items.append(items.isEmpty() ? "" : ",")
                    .append("{\"" + name + "\":{\"_id\":\"" + id + "\",\"status\":" + status
                            + (status == 409 ? ",\"error\":{\"type\":\"version_conflict_engine_exception\"}" : "")
                            + "}}");
        }
        return "{\"errors\":true,\"items\":[" + items + "]}";
    }

    private int status(String name, String id, JsonNode target, JsonNode document) {
        assertThat(target.path("version_type").asText()).isEqualTo("external_gte");
        long version = target.path("version").asLong();
        if (versions.getOrDefault(id, 0L) > version) {
            return 409;
        }
        versions.put(id, version);
        if (name.equals("delete")) {
            return documents.remove(id) == null ? 404 : 200;
        }
        assertThat(document.path("id").asText()).isEqualTo(id);
        documents.put(id, document.path("customer").asText());
        return 201;
    }
}
