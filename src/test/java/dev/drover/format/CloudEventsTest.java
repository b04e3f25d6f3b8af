package dev.drover.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchFixture;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.RecordId;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {

    private final CloudEvents events = new CloudEvents();
    private final Batch batch = new BatchFixture("orders").batch("a", 7, 8);

    @BeforeEach
    void configure() {
        events.setSource("/shop/orders");
        events.setType("com.example.order");
    }

    @Test
    void shouldMakeAnEventOfEachRecordWhenABatchIsWritten() throws Exception {
        // When
        Marshalled written = Marshalled.by(events, batch);

        // Then
        assertThat(written.text()).isEqualTo("[" + event(7) + "," + event(8) + "]");
        assertThat(written.contentType()).isEqualTo("application/cloudevents-batch+json");
    }

    @Test
    void shouldNameTheOperationInTheTypeWhenTheRecordsAreChanges() throws Exception {
        // Given
        events.setType("com.example.order.{operation}");
        Exchange exchange = new DefaultExchange(new DefaultCamelContext(false));
        exchange.setProperty(Batch.PROPERTY, batch);

        // When
        String text = Marshalled.by(
                        events, List.of(Map.of("operation", "upsert"), Map.of("operation", "delete")), exchange)
                .text();

        // Then
        assertThat(text).contains("\"type\":\"com.example.order.upsert\"", "\"type\":\"com.example.order.delete\"");
        assertThatThrownBy(() -> Marshalled.by(events, batch))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("a record is not a change");
    }

    @Test
    void shouldKeepTheIdOfARecordWhenItsBatchIsHalved() throws Exception {
        // Then
        assertThat(Marshalled.by(events, batch.halves().get(1)).text()).isEqualTo("[" + event(8) + "]");
    }

    @Test
    void shouldKeepTheBatchWhenItsBodyIsNotItsRecords() {
        // Given
        Exchange exchange = new DefaultExchange(new DefaultCamelContext(false));
        exchange.setProperty(Batch.PROPERTY, batch);

        // Then
        assertThatThrownBy(() -> Marshalled.by(events, List.of(Map.of("id", 7)), exchange))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the body has 1 records and the batch 2");
        assertThatThrownBy(() -> Marshalled.by(events, List.of(Map.of("id", 7))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the exchange has neither");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "not a uri", "/shop/%"})
    void shouldRefuseTheSourceWhenItIsNoUriReference(String source) {
        // Then
        assertThatThrownBy(() -> events.setSource(source))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("source: '" + source + "' is not allowed, it must be a URI reference such as /shop/orders");
    }

    @Test
    void shouldRefuseToStartWhenASettingIsMissing() {
        // Given
        CloudEvents untyped = new CloudEvents();
        untyped.setSource("urn:shop");

        // Then
        assertThatThrownBy(untyped::start).hasStackTraceContaining("type: is missing; it must be a name");
        assertThatThrownBy(new CloudEvents()::start).hasStackTraceContaining("source: is missing");
        assertThatThrownBy(() -> untyped.setType("")).hasMessageStartingWith("type: '' is not allowed");
    }

    private static String event(int id) {
        return "{\"specversion\":\"1.0\",\"source\":\"/shop/orders\",\"type\":\"com.example.order\","
                + "\"datacontenttype\":\"application/json\",\"id\":\""
                + RecordId.of("orders", "", new Cursor(List.of("id"), List.of(id))) + "\",\"data\":{\"body\":" + id
                + "}}";
    }
}
