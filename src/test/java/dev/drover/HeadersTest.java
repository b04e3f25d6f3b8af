package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reaches the wire beside the body: what the delivery route declares and HTTP itself needs, and no row data. */
@Integration
class HeadersTest {

    private static final Set<String> OF_HTTP = Set.of(
            "host", "connection", "user-agent", "content-length", "transfer-encoding", "accept-encoding", "accept");
    private static final Set<String> DECLARED = Set.of("idempotency-key", "content-type");
    private static final String SECRET = "row-value-4711";

    private final Database source = Database.h2().orders(1, 100);
    private Receiver receiver;
    private Drover drover;

    @BeforeEach
    void start() {
        receiver = Receiver.start("id");
        drover = Drover.reading(source).sendingTo(receiver).sizes(50, 20, 100).draining();
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldSendNoHeaderOfARecordWhenAStepOfTheUserSetsOne() {
        // Given
        source.run("UPDATE orders SET customer = '" + SECRET + "'");
        drover.file(RouteFile.of("routes/orders.camel.yaml")
                .before(
                        "- aggregate:",
                        "- setHeader:",
                        "    name: Authorization",
                        "    simple:",
                        "      expression: \"${body[customer]}\"",
                        "- setHeader:",
                        "    name: CamelHttpUri",
                        "    simple:",
                        "      expression: \"http://127.0.0.1:1/${body[customer]}\"",
                        "- setHeader:",
                        "    name: CamelHttpQuery",
                        "    simple:",
                        "      expression: \"q=${body[customer]}\""));

        // When
        drover.run();

        // Then
        assertOnlyDeclaredHeaders();
        assertThat(receiver.accepted()).hasSize(100);
    }

    @Test
    void shouldCarryNothingOfTheReadStepWithARecordWhenAPageIsSplit() {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml")
                .before(
                        "- aggregate:",
                        "- validate:",
                        "    expression:",
                        "      simple: \"${variables.size} == 0 && ${headers.size} == 0\""));

        // When
        drover.run();

        // Then
        assertThat(receiver.accepted()).hasSize(100);
    }

    @Test
    void shouldSendNoMoreHeadersWhenABatchIsRepeatedAndHalved() {
        // Given
        source.run("UPDATE orders SET customer = '" + SECRET + "'");
        Fault poison = Fault.rejectRecords(422, 7);
        Fault hiccup = Fault.respond(500, Map.of("X-Answer", "leaks")).times(2);
        receiver.fails(request -> hiccup.answer(request).or(() -> poison.answer(request)));
        drover.file(RouteFile.of("routes/orders.camel.yaml"));

        // When
        drover.run();

        // Then
        assertOnlyDeclaredHeaders();
        assertThat(receiver.accepted()).hasSize(99);
    }

    @Test
    void shouldGoToTheSameAddressWhenAColumnIsNamedLikeAControlHeader() {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml")
                .replace("SELECT id, customer", "SELECT 'http://127.0.0.1:1/' AS \\\"CamelHttpUri\\\", id, customer"));

        // When
        drover.run();

        // Then
        assertOnlyDeclaredHeaders();
        assertThat(receiver.accepted()).hasSize(100);
        assertThat(receiver.requests().get(0).records().get(0).has("CamelHttpUri"))
                .isTrue();
    }

    private void assertOnlyDeclaredHeaders() {
        assertThat(receiver.requests()).isNotEmpty().allSatisfy(HeadersTest::assertOnlyDeclaredHeaders);
    }

    private static void assertOnlyDeclaredHeaders(Request request) {
        assertThat(request.headers().keySet())
                .containsAll(DECLARED)
                .allMatch(name -> DECLARED.contains(name) || OF_HTTP.contains(name));
        assertThat(request.headers().toString()).doesNotContain(SECRET);
        assertThat(request.key()).matches("[0-9a-f]{32}");
    }
}
