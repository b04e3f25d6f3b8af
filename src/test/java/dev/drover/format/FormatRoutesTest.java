package dev.drover.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.drover.ledger.Ledger;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.RawReceiver;
import dev.drover.testing.RawReceiver.Arrived;
import dev.drover.testing.RouteFile;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.net.WWWFormCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The orders, each time with another format in their route, at a receiver that reads with the reference libraries. */
@Integration
class FormatRoutesTest {

    private static final int ROWS = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Database source = Database.h2().orders(1, ROWS);
    private RawReceiver receiver;
    private Drover drover;

    /** A format in the route, and how its receivers read. */
    enum Format {
        NDJSON("ndjson", "application/x-ndjson") {
            @Override
            List<JsonNode> read(String body) throws IOException {
                assertThat(body).endsWith("\n").doesNotContain("\r", "\n\n");
                try (MappingIterator<JsonNode> lines =
                        JSON.readerFor(JsonNode.class).readValues(body)) {
                    List<JsonNode> records = lines.readAll();
                    assertThat(records).hasSize((int) body.lines().count());
                    return records;
                }
            }
        },
        ENVELOPE("envelope", "application/json") {
            @Override
            List<JsonNode> read(String body) throws IOException {
                JsonNode envelope = JSON.readTree(body);
                assertThat(envelope.fieldNames()).toIterable().containsExactly("records");
                return elements(envelope.get("records"));
            }
        },
        CLOUD_EVENTS("cloudEvents", "application/cloudevents-batch+json") {
            @Override
            List<JsonNode> read(String body) throws IOException {
                List<JsonNode> records = new ArrayList<>();
                for (JsonNode event : elements(JSON.readTree(body))) {
                    records.add(event.get("data")); // the SDK reads numbers as doubles
                }
                assertThat(events(body)).hasSameSizeAs(records);
                return records;
            }
        };

        private final String bean;
        private final String type;

        Format(String bean, String type) {
            this.bean = bean;
            this.type = type;
        }

        abstract List<JsonNode> read(String body) throws IOException;
    }

    @BeforeEach
    void start() {
        receiver = new RawReceiver();
        source.run(
                "ALTER TABLE orders ALTER COLUMN product DROP NOT NULL",
                "UPDATE orders SET customer = '\uD83D\uDE00 \"é\"\n', product = NULL, amount = 9999999999.90 WHERE id = 3");
        drover = Drover.reading(source)
                .set("drover.orders.url", receiver.url())
                .sizes(100, 40, 300)
                .draining();
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEachOrderExactlyWhenTheRouteNamesTheFormat(Format format) {
        // Given
        drover.file(orders(format.bean));

        // When
        drover.run();

        // Then
        assertDelivered(format, "1 = 1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSetOnlyTheOrderAsideThatCanNotBeWritten(Format format) {
        // Given
        drover.file(orders(format.bean)
                .before(
                        "- aggregate:",
                        "- filter:",
                        "    id: odd-orders",
                        "    simple: { expression: \"${body[id]} in '7,77'\" }",
                        "    steps:",
                        "      - setBody: { id: to-text, constant: { expression: only text } }"));

        // When
        drover.run();

        // Then
        assertDelivered(format, "id NOT IN (7, 77)");
        assertThat(source.column("SELECT record_key FROM drover_dead_letter ORDER BY record_key"))
                .containsExactly("id=7", "id=77");
        assertThat(source.column("SELECT DISTINCT reason FROM drover_dead_letter"))
                .singleElement()
                .asString()
                .contains("a record must become a JSON object or array, not a java.lang.String");
    }

    @Test
    void shouldKeepTheIdOfEachEventWhenItIsSentAgainAndAfterARestart() throws IOException {
        // Given
        drover.file(orders(Format.CLOUD_EVENTS.bean));
        receiver.answers(request -> 503);
        drover.start();
        await().atMost(PATIENCE).until(() -> attemptsOfOneBatch() >= 2);
        drover.stop();
        List<Arrived> before = receiver.arrived();

        // When
        receiver.answers(request -> 200);
        drover.sizes(100, 25, 300).run();

        // Then
        Map<Integer, String> ids = new HashMap<>();
        for (Arrived request : receiver.accepted()) {
            assertThat(request.types()).containsExactly(Format.CLOUD_EVENTS.type);
            events(request.text()).forEach(event -> assertThat(ids.put(order(event), event.getId()))
                    .isNull());
        }
        assertThat(ids).hasSize(ROWS);
        assertThat(ids.values()).doesNotHaveDuplicates();
        assertThat(before).isNotEmpty().allSatisfy(request -> events(request.text())
                .forEach(event -> assertThat(event.getId()).isEqualTo(ids.get(order(event)))));
    }

    @Test
    void shouldSendTheSameBytesCompressedOnceWhenAnAttemptIsMadeAgain() {
        // Given
        AtomicInteger attempts = new AtomicInteger();
        receiver.answers(request -> List.of(503, 0, 503, 200).get(Math.min(3, attempts.getAndIncrement())));
        drover.file(orders(Format.NDJSON.bean)
                .before(
                        "- marshal:",
                        "- setHeader: { id: compress, name: Content-Encoding, constant: { expression: gzip } }"));

        // When
        drover.run();

        // Then
        assertDelivered(Format.NDJSON, "1 = 1");
        assertThat(receiver.arrived()).hasSize(3 + 3);
        assertThat(receiver.arrived().stream()
                        .map(request -> request.key() + request.hex())
                        .distinct())
                .hasSize(3);
        assertThat(receiver.arrived())
                .allSatisfy(request -> assertThat(request.encodings()).containsExactly("gzip"));
    }

    @Test
    void shouldSendEachOrderAsAFormWhenABatchHasOne() {
        // Given
        drover.file(orders("form")).sizes(100, 1, 300);

        // When
        drover.run();

        // Then
        assertThat(receiver.arrived()).hasSize(ROWS);
        List<List<String>> forms = receiver.arrived().stream()
                .map(request -> WWWFormCodec.parse(request.text(), StandardCharsets.UTF_8))
                .map(fields -> fields.stream().map(NameValuePair::getValue).toList())
                .toList();
        assertThat(forms)
                .contains(List.of(
                        "3",
                        "\uD83D\uDE00 \"é\"\n",
                        "",
                        source.column("SELECT quantity FROM orders WHERE id = 3")
                                .get(0),
                        "9999999999.90",
                        "2026-01-02T08:00:00.000001"));
        assertThat(forms).extracting(form -> form.get(0)).doesNotHaveDuplicates();
        assertThat(receiver.arrived()).allSatisfy(request -> assertThat(request.types())
                .containsExactly("application/x-www-form-urlencoded"));
    }

    @Test
    void shouldKeepTheBatchAndSayWhyWhenAFormGetsSeveralOrders() {
        // Given
        String why = "a form contains one record, and this batch has ";
        drover.file(orders("form"));

        // When
        drover.start();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ledger().holder())
                    .hasValueSatisfying(holder -> assertThat(holder.reason()).contains(why));
            assertThat(ledger().faults().alarm())
                    .hasValueSatisfying(alarm -> assertThat(alarm).startsWith(why));
        });
        assertThat(receiver.arrived()).isEmpty();
        assertThat(source.column("SELECT COUNT(*) FROM drover_dead_letter")).containsExactly("0");
    }

    /** Nothing but the data format changes. */
    private static RouteFile orders(String format) {
        return RouteFile.of("routes/orders.camel.yaml")
                .replace(
                        """
                                    json:
                                      library: Jackson
                        """,
                        """
                                    custom:
                                      ref: %s
                        """
                                .formatted(format));
    }

    private Ledger ledger() {
        return drover.pipeline("orders").ledger();
    }

    private long attemptsOfOneBatch() {
        List<Arrived> arrived = receiver.arrived();
        return arrived.stream()
                .map(Arrived::key)
                .mapToLong(key -> arrived.stream()
                        .filter(request -> request.key().equals(key))
                        .count())
                .max()
                .orElse(0);
    }

    /** These orders arrived once each, with all that the database says of them. */
    private void assertDelivered(Format format, String which) {
        List<JsonNode> records = new ArrayList<>();
        for (Arrived request : receiver.accepted()) {
            assertThat(request.types()).containsExactly(format.type);
            try {
                records.addAll(format.read(request.text()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        records.sort(Comparator.comparing(record -> record.get("id").asInt()));
        assertThat(records)
                .extracting(record -> record.get("id").asText())
                .isEqualTo(source.column("SELECT id FROM orders WHERE " + which + " ORDER BY id"));
        assertThat(records)
                .extracting(record -> record.get("amount").decimalValue())
                .isEqualTo(source.column("SELECT amount FROM orders WHERE " + which + " ORDER BY id").stream()
                        .map(BigDecimal::new)
                        .toList());
        JsonNode third = records.get(2);
        assertThat(third.get("customer").asText()).isEqualTo("\uD83D\uDE00 \"é\"\n");
        assertThat(third.get("product").isNull()).isTrue();
    }

    private static int order(CloudEvent event) {
        try {
            return JSON.readTree(Objects.requireNonNull(event.getData()).toBytes())
                    .get("id")
                    .asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the SDK of CloudEvents reads them, which refuses what the specification does not allow. */
    private static List<CloudEvent> events(String body) throws IOException {
        EventFormat format = EventFormatProvider.getInstance().resolveFormat(JsonFormat.CONTENT_TYPE);
        List<CloudEvent> events = new ArrayList<>();
        for (JsonNode element : elements(JSON.readTree(body))) {
            CloudEvent event = format.deserialize(JSON.writeValueAsBytes(element));
            assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
            assertThat(event.getSource()).hasToString("/drover");
            assertThat(event.getType()).isEqualTo("dev.drover.record");
            assertThat(event.getDataContentType()).isEqualTo("application/json");
            assertThat(event.getId()).matches("[0-9a-f]{32}");
            assertThat(event.getTime()).isNull();
            assertThat(event.getExtensionNames()).isEmpty();
            events.add(event);
        }
        return events;
    }

    private static List<JsonNode> elements(JsonNode array) {
        assertThat(array.isArray()).isTrue();
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements;
    }
}
