package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.RawServer;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of an odd form still accept or refuse a batch. */
@Integration
class AnswerFormsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ODD = List.of(
            "Content-Type: application/json; charset=utf8mb4\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: application/json; charset=None\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: application/json; charset=\"\"\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: application/json; charset=\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: application/json; charset=%s\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: ;;=\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type:\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
            "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Encoding: GZIP\r\nContent-Length: 1\r\n\r\n\u001f",
            "Content-Encoding: deflate\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Encoding: br, gzip\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Encoding: utf-8\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Encoding: a, b, c, d, e, f\r\nContent-Length: 2\r\n\r\n{}",
            "Content-Type: application/x-java-serialized-object\r\nContent-Length: 2\r\n\r\n{}",
            "\r\n{}",
            "\r\n");

    private final Database source = Database.h2().orders(1, 180);
    private final Drover drover = Drover.reading(source).draining();
    private final Queue<Integer> stored = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        drover.close();
    }

    @Test
    void shouldAcceptASuccessWhateverFormItHas() throws IOException {
        // Given
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(body -> {
            String odd = ODD.get(requests.getAndIncrement() % ODD.size());
            return store(body) + "Connection: close\r\n" + odd;
        })) {
            drover.file(RouteFile.of("routes/orders.camel.yaml"))
                    .set("drover.orders.url", server.url())
                    .sizes(180, 10, 180);

            // When
            drover.run();
        }

        // Then
        assertThat(requests).hasValue(ODD.size());
        assertThat(stored).hasSize(180).doesNotHaveDuplicates();
    }

    @Test
    void shouldDivideARefusedBatchWhateverFormTheAnswerHas() throws IOException {
        // Given
        AtomicInteger refused = new AtomicInteger();
        try (RawServer server = RawServer.start(body -> {
            if (body.contains("\"id\":7,")) {
                return "HTTP/1.1 422 No\r\nConnection: close\r\n" + ODD.get(refused.getAndIncrement() % ODD.size());
            }
            return store(body) + "Connection: close\r\nContent-Length: 0\r\n\r\n";
        })) {
            drover.file(RouteFile.of("routes/orders.camel.yaml"))
                    .set("drover.orders.url", server.url())
                    .sizes(180, 180, 180);

            // When
            drover.run();
        }

        // Then
        assertThat(stored).hasSize(179).doesNotHaveDuplicates().doesNotContain(7);
        assertThat(source.column("SELECT record_key FROM drover_dead_letter")).containsExactly("id=7");
    }

    @Test
    void shouldDivideABatchWhenItIsRefusedWhileItIsSent() throws IOException {
        try (Logs logs = new Logs()) {
            divides(1 << 20, "HTTP/1.1 413 Too large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

            assertThat(logs.warnings()).noneMatch(line -> line.contains("without an answer"));
        }
    }

    @Test
    void shouldDivideABatchWhenTheConnectionIsClosedWhileItIsSent() throws IOException {
        try (Logs logs = new Logs()) {
            divides(6 << 20, "");

            assertThat(logs.warnings()).anyMatch(line -> line.contains("without an answer; the batch is divided"));
        }
    }

    @Test
    void shouldAcceptNothingByAnAnswerToAPartOfABatch() throws IOException {
        // Given
        String answer = "{\"failed_records\":[{\"index\":3}]}";
        String hasty = "HTTP/1.1 400 No\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer;
        source.run("ALTER TABLE orders ADD COLUMN filler VARCHAR(60000) DEFAULT REPEAT('x', 60000)");
        try (RawServer server = RawServer.startHasty(
                6 << 20, hasty, body -> store(body) + "Connection: close\r\nContent-Length: 2\r\n\r\n{}")) {
            drover.without("orders.camel.yaml")
                    .file(RouteFile.of("routes/examples/failed-records.camel.yaml"))
                    .set("drover.orders.url", server.url())
                    .sizes(180, 180, 180);

            // When
            drover.run();
        }

        // Then
        assertThat(stored).hasSize(180).doesNotHaveDuplicates();
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "{}", "HTTP/1.1 408 Idle\r\n\r\n"})
    void shouldAcceptNothingByWhatAnAnswerIsFollowedBy(String more) throws IOException {
        // Given
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.startKeeping(body -> requests.getAndIncrement() % 2 == 1
                ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" + more
                : store(body) + "Content-Length: 0\r\n\r\n" + more)) {
            drover.file(RouteFile.of("routes/orders.camel.yaml"))
                    .set("drover.orders.url", server.url())
                    .set("drover.delivery.parallelism", 1)
                    .sizes(180, 60, 180);

            // When
            drover.run();
        }

        // Then
        assertThat(stored).hasSize(180).doesNotHaveDuplicates();
        assertThat(requests).hasValue(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"long", "many"})
    void shouldKeepNoHeaderInMemoryThatHasNoEnd(String kind) throws IOException {
        // Given
        String header = kind.equals("long") ? "X: " + "x".repeat(100_000) + "\r\n" : "X: x\r\n".repeat(2000);
        AtomicInteger requests = new AtomicInteger();
        try (RawServer server = RawServer.start(body -> requests.getAndIncrement() == 0
                ? "HTTP/1.1 200 OK\r\n" + header + "Connection: close\r\nContent-Length: 0\r\n\r\n"
                : store(body) + "Connection: close\r\nContent-Length: 0\r\n\r\n")) {
            drover.file(RouteFile.of("routes/orders.camel.yaml"))
                    .set("drover.orders.url", server.url())
                    .sizes(180, 180, 180);

            // When
            drover.run();
        }

        // Then
        assertThat(requests).hasValue(2);
        assertThat(stored).hasSize(180);
    }

    private void divides(int most, String hasty) throws IOException {
        // Given
        try (RawServer server = RawServer.startHasty(
                most, hasty, body -> store(body) + "Connection: close\r\nContent-Length: 0\r\n\r\n")) {
            drover.file(RouteFile.of("routes/orders.camel.yaml")
                            .replace("SELECT id, ", "SELECT id, REPEAT('x', 60000) AS filler, "))
                    .set("drover.orders.url", server.url())
                    .sizes(180, 180, 180);

            // When
            drover.run();
        }

        // Then
        assertThat(stored).hasSize(180).doesNotHaveDuplicates();
        assertThat(source.column("SELECT id FROM drover_dead_letter")).isEmpty();
    }

    private String store(String body) throws IOException {
        List<JsonNode> records = JSON.readerForListOf(JsonNode.class).readValue(body);
        records.forEach(record -> stored.add(record.path("id").asInt()));
        return "HTTP/1.1 200 OK\r\n";
    }
}
