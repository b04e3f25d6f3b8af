package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.observe.Summary;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No record counts as settled that its destination has not got, and none is filtered out by a mistake unseen. */
@Integration
class SettledRecordsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Database source = Database.h2().orders(1, 20);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover =
            Drover.reading(source).sendingTo(receiver).sizes(10, 10, 40).draining();

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldDeliverARowWhenItsDecimalIsAboveTheLimit() {
        // Given
        source.run("UPDATE orders SET amount = 100", "UPDATE orders SET amount = 100.50 WHERE id = 7");
        drover.file(filtering("${body[amount]} > 100"));

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(receiver.accepted()).containsOnlyKeys("7");
        assertThat(drover.pipeline("orders").tally().filtered()).isEqualTo(19);
        assertThat(Summary.of(drover.pipeline("orders")))
                .containsExactly(
                        "orders: 20 rows, 2 pages of 10, 1 batch (1 of 1)",
                        "orders: 19 filtered out, 0 dead letters, checkpoint id=20");
    }

    @Test
    void shouldHaltAndSetNothingAsideWhenAStepAsksForAColumnThatIsNotRead() {
        // Given
        drover.file(filtering("${body[amout]} > 100"));

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(drover.pipeline("orders").ledger().halted())
                .get()
                .asString()
                .startsWith(
                        "a step of route orders asks for a column that is not read: the row has no column amout, only"
                                + " [id, customer, product, quantity, amount, ordered_at]; correct the name in the step");
        assertThat(source.column("SELECT record_key FROM drover_dead_letter")).isEmpty();
        drover.stop();
        drover.file(filtering("${body[amount]} > 0")).run();
        assertThat(receiver.accepted()).hasSize(20);
    }

    @Test
    void shouldHaltWhenAStepOfTheDeliveryAsksForAColumnThatIsNotRead() {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml")
                .before("- marshal:", "- setProperty:", "    name: total", "    simple: \"${body[0][amout]}\""));

        // When
        drover.start();
        await().atMost(PATIENCE).until(() -> drover.pipeline("orders").state() == Pipeline.State.HALTED);

        // Then
        assertThat(drover.pipeline("orders").ledger().halted())
                .get()
                .asString()
                .contains("route deliver-orders", "no column amout");
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void shouldNameTheStepWhenEveryRowWasFilteredOut() {
        // Given
        drover.file(filtering("${body[amount]} < 0"));

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(Summary.of(drover.pipeline("orders")))
                .contains("orders: 20 filtered out, 0 dead letters, checkpoint id=20")
                .last()
                .asString()
                .matches(
                        "orders: every row was filtered out, by filter wanted-only \\(.*orders\\.camel\\.yaml:[0-9]+\\);"
                                + " is its condition right\\?");
    }

    static Stream<Arguments> ways() {
        String post = "- to: \"{{drover.orders.url}}\"\n";
        String ask = "- to: {uri: \"{{drover.orders.url}}/price\", parameters: {httpMethod: GET}}\n";
        String askEach = "- toD: {uri: \"{{drover.orders.url}}/${exchangeProperty.row[id]}?httpMethod=GET\"}\n";
        String askByPost = "- to: \"{{drover.orders.url}}/price\"\n";
        String each = "- toD: {uri: \"{{drover.orders.url}}/${exchangeProperty.row[id]}?httpMethod=PUT\"}\n";
        String some = "- filter:\n    simple: \"${exchangeProperty.row[id]} > 15\"\n    steps:\n";
        String either = "- choice:\n    when:\n      - simple: \"${exchangeProperty.row[id]} > 15\"\n        steps:\n";
        return Stream.of(
                Arguments.of("sent", post, 20),
                Arguments.of("sent, then filtered", post + some + "      - log: sent\n", 20),
                Arguments.of("filtered, then sent", some + post.indent(6), 5),
                Arguments.of("looked up, filtered, sent", ask + some + post.indent(6), 5),
                Arguments.of("looked up by its id, filtered, sent", askEach + some + each.indent(6), 5),
                Arguments.of("looked up by a post, filtered, sent", askByPost + some + post.indent(6), 5),
                Arguments.of(
                        "looked up elsewhere, filtered, sent", "- to: direct:elsewhere\n" + some + post.indent(6), 5),
                Arguments.of(
                        "looked up in a table, filtered, sent",
                        "- to: {uri: sql, parameters: {query: \"SELECT 1\","
                                + " outputType: SelectOne, outputHeader: found, dataSource: \"#source\"}}\n" + some
                                + post.indent(6),
                        5),
                Arguments.of("filtered, then sent elsewhere", some + "      - to: direct:elsewhere\n", 5),
                Arguments.of("either sent or not", either + post.indent(10), 5),
                Arguments.of(
                        "either here or there",
                        either + post.indent(10) + "    otherwise:\n      steps:\n" + each.indent(10),
                        20));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void shouldCountARecordAsDeliveredOnlyWhenItIsSentByItself(String way, String steps, int delivered) {
        // Given
        String lone = RouteFile.of("routes/orders.camel.yaml")
                .text()
                .replaceFirst(
                        "(?s)- aggregate:.*?- route:\n    id: deliver-orders.*",
                        Matcher.quoteReplacement(
                                """
                                - setProperty:
                                                  name: row
                                                  simple: "${body}"
                                              - marshal:
                                                  json:
                                                    library: Jackson
                                """
                                        + steps.indent(14)
                                        + """
                                - route:
                                    id: elsewhere
                                    routeConfigurationId: records
                                    from:
                                      uri: direct:elsewhere
                                      steps:
                                        - to: "{{drover.orders.url}}/elsewhere"
                                """));
        drover.file(new RouteFile("orders.camel.yaml", lone));

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(drover.pipeline("orders").ledger().halted()).isEmpty();
        assertThat(source.column("SELECT reason FROM drover_dead_letter")).isEmpty();
        assertThat(drover.pipeline("orders").tally().delivered()).isEqualTo(delivered);
        assertThat(drover.pipeline("orders").tally().filtered()).isEqualTo(20 - delivered);
        assertThat(drover.checkpoint()).isEqualTo("id=20");
    }

    @Test
    void shouldSettleNothingAndNameThePoliciesWhenAnAnswerHasAStatusForEachRecord() {
        // Given
        AtomicBoolean multi = new AtomicBoolean(true);
        receiver.fails(Fault.refuseWhile(207, multi::get));
        drover.file(RouteFile.of("routes/orders.camel.yaml"));

        // When
        drover.start();
        await().atMost(PATIENCE)
                .until(() -> drover.pipeline("orders").ledger().faults().alarm().isPresent());

        // Then
        assertThat(drover.pipeline("orders").ledger().faults().alarm())
                .get()
                .asString()
                .contains("status 207", "multi-status", "bulk-items");
        assertThat(drover.pipeline("orders").tally().delivered()).isZero();
        multi.set(false);
        drover.awaitEnd();
        assertThat(drover.checkpoint()).isEqualTo("id=20");
        assertThat(drover.pipeline("orders").tally().delivered()).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void shouldSetARecordWithoutABodyAsideAndGoOnWithItsLane(int empty) {
        // Given
        drover.file(RouteFile.of("routes/orders.camel.yaml")
                .before(
                        "- aggregate:",
                        "- filter:",
                        "    simple: \"${body[id]} == " + empty + "\"",
                        "    steps:",
                        "      - setBody:",
                        "          simple: \"${null}\"")
                .before("- setHeader:", "- process:", "    ref: turn"));

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(receiver.accepted()).hasSize(19).doesNotContainKey(String.valueOf(empty));
        assertThat(source.column("SELECT record_key FROM drover_dead_letter")).containsExactly("id=" + empty);
        assertThat(drover.checkpoint()).isEqualTo("id=20");
    }

    @Test
    void shouldEndEveryAttemptAtItsDeadlineWhenItWaitsForAConnection() {
        // Given
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger held = new AtomicInteger(6);
        Fault hangs = Fault.slow(4 * PATIENCE.toMillis(), never);
        receiver.fails(request -> held.getAndDecrement() > 0
                ? hangs.answer(request)
                : Fault.none().answer(request));
        drover.file(RouteFile.of("routes/orders.camel.yaml"))
                .sizes(20, 5, 40)
                .set("drover.delivery.deadline", 300)
                .set("drover.delivery.responseTimeout", 4 * PATIENCE.toMillis())
                .set("camel.component.http.connectionsPerRoute", 1);

        // When
        drover.start();
        drover.awaitEnd();

        // Then
        assertThat(receiver.accepted()).hasSize(20);
        assertThat(drover.checkpoint()).isEqualTo("id=20");
        never.countDown();
    }

    /** The shipped route with a filter around its aggregate. */
    private static RouteFile filtering(String condition) {
        RouteFile orders = RouteFile.of("routes/orders.camel.yaml");
        int from = orders.text().indexOf("              - aggregate:");
        int to = orders.text().indexOf("- route:\n    id: deliver-orders");
        String filter = "              - filter:\n                  id: wanted-only\n                  simple: \""
                + condition + "\"\n                  steps:\n";
        return new RouteFile(
                "orders.camel.yaml",
                orders.text().substring(0, from)
                        + filter
                        + orders.text().substring(from, to).indent(6)
                        + orders.text().substring(to));
    }
}
