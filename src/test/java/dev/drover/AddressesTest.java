package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.drover.delivery.ProxiesTest;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.NestedExceptionUtils;

/** Steps send to the address that they name, with its method and its query, also if it has a value of the row. */
@Integration
class AddressesTest {

    private static final String ADDRESS = "{{drover.orders.url}}/${exchangeProperty.row[id]}?httpMethod=PUT&dry=no";

    private static final String ORIGINAL =
            "\"#class:org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy\"";

    private final Database source = Database.h2().orders(1, 5);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source).sendingTo(receiver).draining();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldSendEachRecordToItsOwnAddressWhenToDNamesIt() {
        // Given
        drover.file(sending("- toD:", "    uri: \"" + ADDRESS + "\""));

        // When
        drover.run();

        // Then
        assertThat(lines())
                .containsExactly(
                        "PUT /orders/1?dry=no",
                        "PUT /orders/2?dry=no",
                        "PUT /orders/3?dry=no",
                        "PUT /orders/4?dry=no",
                        "PUT /orders/5?dry=no");
        assertThat(receiver.accepted()).hasSize(5);
    }

    @Test
    void shouldSendEachRecordToItsOwnAddressWhenAnOptimisedToDIsAskedFor() {
        // Given
        drover.file(sending("- toD:", "    uri: \"" + ADDRESS + "\"", "    allowOptimisedComponents: true"));

        // When
        drover.run();

        // Then
        assertThat(lines()).hasSize(5).contains("PUT /orders/3?dry=no");
    }

    @Test
    void shouldLookUpTheAddressOfEachRecordWhenEnrichNamesIt() {
        // Given
        receiver.fails(lookUp());
        drover.file(sending(
                "- enrich:",
                "    simple: \"{{drover.orders.url}}/${exchangeProperty.row[id]}/price?httpMethod=GET\"",
                "    aggregationStrategy: " + ORIGINAL,
                "- to:",
                "    uri: \"{{drover.orders.url}}\""));

        // When
        drover.run();

        // Then
        assertThat(lines()).hasSize(10).contains("GET /orders/1/price", "POST /orders", "GET /orders/5/price");
    }

    @Test
    void shouldGoOnWhenARequestThatOnlyAsksFollowsTheDelivery() {
        // Given
        receiver.fails(lookUp());
        String asking = RouteFile.of("routes/orders.camel.yaml").text()
                + """
                        - to:
                            uri: "{{drover.orders.url}}/done"
                            parameters:
                              httpMethod: GET
                """;
        drover.file(new RouteFile("orders.camel.yaml", asking));

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(lines()).containsExactly("POST /orders", "GET /orders/done");
        assertThat(drover.pipeline("orders").ledger().halted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"recipientList", "routingSlip", "dynamicRouter"})
    void shouldRefuseToStartWhenAStepMayLeadARecordAnywhere(String step) {
        // Given
        drover.file(sending("- " + step + ":", "    simple: \"{{drover.orders.url}}?a=1\""));

        // When
        Throwable refusal = catchThrowable(drover::start);

        // Then
        assertThat(NestedExceptionUtils.getMostSpecificCause(refusal))
                .hasMessageMatching("(?s).*orders\\.camel\\.yaml:[0-9]+: " + step + ": .*; use .*a choice.*");
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void shouldSendToTheAddressWhenAnErrorClauseNamesIt() {
        // Given
        receiver.fails(request ->
                request.line().startsWith("POST") ? Fault.respond(500).answer(request) : Optional.empty());
        drover.file(sending("- to:", "    uri: \"{{drover.orders.url}}\""))
                .edit(
                        "route-configuration.camel.yaml",
                        "            - to:\n                id: set-record-aside",
                        "            - toD:\n                uri: \"" + ADDRESS
                                + "\"\n            - to:\n                id: set-record-aside");

        // When
        drover.run();

        // Then
        assertThat(lines()).contains("PUT /orders/1?dry=no", "PUT /orders/5?dry=no");
    }

    @ParameterizedTest
    @CsvSource({
        "routes/orders.camel.yaml, '?sp=%2Frun&sig=a%2Bb%3D&q=%26y&connectTimeout=1&a=1+2'",
        "routes/examples/short.camel.yaml, '?sp=%2Frun&sig=a%2Bb%3D&q=%26y&httpMethod=PUT&a=1+2'",
        "routes/orders.camel.yaml, '/a%2Fb/c%20d'",
        "routes/examples/short.camel.yaml, '/a%2Fb'"
    })
    void shouldSendToTheAddressAsItIsWrittenWhenASettingHoldsIt(String route, String rest) {
        // Given
        drover.file(RouteFile.of(route)).set("drover.orders.url", receiver.url() + rest);

        // When
        drover.run();

        // Then
        assertThat(lines()).containsExactly("POST /orders" + rest);
    }

    @Test
    void shouldSendToTheAddressAsItIsWrittenWhenTheRouteHoldsIt() {
        // Given
        drover.file(sending(
                "- to:",
                "    uri: \"" + receiver.url()
                        + "?z=%2F&httpMethod=PUT&authUsername=x&authPassword=RAW(x&y)&b=%26&connectTimeout=900&a=1\""));

        // When
        drover.run();

        // Then
        assertThat(lines()).hasSize(5).containsOnly("PUT /orders?z=%2F&b=%26&a=1");
    }

    @ParameterizedTest
    @CsvSource({
        "toD, '%s/${exchangeProperty.row[id]}?z=%%2F&httpMethod=PUT&b=%%26&&a=1', PUT /orders/3?z=%2F&b=%26&&a=1",
        "toD, '{{drover.orders.url}}?httpMethod=PUT', PUT /orders?z=%2F&connectTimeout=1&b=a%20b+c",
        "toD, '{{drover.orders.url}}?httpMethod=PUT&x=%%2F&a=${exchangeProperty.row[id]}',"
                + " PUT /orders?z=%2F&connectTimeout=1&b=a%20b+c&x=%2F&a=3",
        "enrich, '%s/${exchangeProperty.row[id]}?z=%%2F&httpMethod=GET&b=1', GET /orders/3?z=%2F&b=1",
        "enrich, '{{drover.orders.url}}?httpMethod=GET', GET /orders?z=%2F&connectTimeout=1&b=a%20b+c",
        "toD, '%s/${exchangeProperty.row[id]}?httpMethod=PUT&z=${exchangeProperty.text}',"
                + " PUT /orders/3?z=a%26httpMethod%3DDELETE"
    })
    void shouldSendToTheAddressAsItIsMadeWhenItHoldsASettingOrAColumn(String step, String address, String line) {
        // Given
        receiver.fails(lookUp());
        drover.set("drover.orders.url", receiver.url() + "?z=%2F&connectTimeout=1&b=a%20b+c");
        String named = "'" + address.formatted(receiver.url()) + "'";
        String sent = step.equals("toD") ? "- toD: {uri: " + named + "}" : "- to: {uri: \"" + receiver.url() + "\"}";
        String asked = "- enrich: {simple: " + named + ", aggregationStrategy: " + ORIGINAL + "}";
        drover.file(sending(
                "- setProperty: {name: text, constant: \"a&httpMethod=DELETE\"}",
                step.equals("enrich") ? asked : "",
                sent));

        // When
        drover.run();

        // Then
        assertThat(lines()).contains(line);
        assertThat(receiver.accepted()).containsKeys("1", "2", "3", "4", "5");
    }

    @ParameterizedTest
    @CsvSource({"to, true, 5", "to, false, 0", "enrich, true, 10", "enrich, false, 0"})
    void shouldSendToAHostFromARecordIfItIsAllowedAndSetItAsideOtherwise(String step, boolean allowed, int requests) {
        // Given
        receiver.fails(lookUp());
        drover.file(new RouteFile(
                "tenants.camel.yaml",
                """
                - beans:
                    - name: tenants
                      type: dev.drover.delivery.Destination
                      properties:
                        allowedHosts: 127.0.0.1
                        privateAddresses: %s
                """
                        .formatted(allowed)));
        String host = receiver.url().replaceAll("http://|/.*$", "");
        String address = "http://${exchangeProperty.host}/orders?httpClientConfigurer=#tenants";
        drover.file(sending(
                "- setProperty: {name: host, constant: \"" + host + "\"}",
                step.equals("enrich")
                        ? "- enrich: {simple: \"" + address + "&httpMethod=GET\", aggregationStrategy: " + ORIGINAL
                                + "}"
                        : "",
                "- to: {uri: \"" + (step.equals("to") ? address : "{{drover.orders.url}}") + "\"}"));

        // When
        drover.run(); // ends when every record is settled

        // Then
        assertThat(receiver.requests()).hasSize(requests);
    }

    @Test
    void shouldPostWhenTheAddressHasAQueryAndNoMethodIsNamed() {
        // Given
        drover.file(sending("- to:", "    uri: \"" + receiver.url() + "?a=1\""));

        // When
        drover.run();

        // Then
        assertThat(lines()).hasSize(5).containsOnly("POST /orders?a=1");
        assertThat(receiver.accepted()).hasSize(5);
    }

    @Test
    void shouldLogInWhenTheAddressHasAUserAndAPassword() {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml"))
                .set("drover.orders.url", receiver.url().replace("//", "//ann:s%40cret%2B@") + "?a=1");

        // When
        drover.run();

        // Then
        assertThat(lines()).containsExactly("POST /orders?a=1");
        assertThat(receiver.requests().get(0).header("authorization"))
                .contains(
                        "Basic " + Base64.getEncoder().encodeToString("ann:s@cret+".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldAskTheProxyThatTheEnvironmentNames() {
        // Given
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(
                ProxiesTest.of(Map.of("HTTP_PROXY", receiver.url().replace("/orders", ""))));
        drover.file(RouteFile.of("routes/orders.camel.yaml")).set("drover.orders.url", "http://service.invalid/orders");
        try {
            // When
            drover.run();
        } finally {
            ProxySelector.setDefault(before);
        }

        // Then
        assertThat(receiver.accepted()).hasSize(5);
        assertThat(receiver.requests().get(0).header("host")).contains("service.invalid");
    }

    /** A pipeline without batches, with these steps for each record. */
    private static RouteFile sending(String... steps) {
        return new RouteFile(
                "orders.camel.yaml",
                """
                - route:
                    id: orders
                    routeConfigurationId: records
                    from:
                      uri: pages
                      parameters:
                        name: orders
                        table: orders
                        key: id
                        columns: id
                        consistency: STATIC
                      steps:
                        - split:
                            simple: "${body}"
                            streaming: true
                            onPrepare: "#page"
                            aggregationStrategy: "#page"
                            steps:
                              - setProperty:
                                  name: row
                                  simple: "${body}"
                              - marshal:
                                  json:
                                    library: Jackson
                """
                        + String.join("\n", steps).indent(14));
    }

    private static Fault lookUp() {
        return request -> request.line().startsWith("GET")
                ? Optional.of(new Answer(200, Map.of(), "{\"price\": 5}"))
                : Optional.empty();
    }

    private List<String> lines() {
        return receiver.requests().stream().map(Request::line).toList();
    }
}
