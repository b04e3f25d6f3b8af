package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.drover.cli.Main;
import dev.drover.pages.Pipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.NestedExceptionUtils;

/** A record is settled once: lint and the start refuse a route that would deliver it to a second destination. */
@Integration
class OneDestinationTest {

    private static final RouteFile RIGHT = RouteFile.of("src/test/routes/broken/right.camel.yaml");
    private static final String HAND_OVER = "- to:\n                        uri: direct:deliver-orders";
    private static final String TO_BOTH = "- to: direct:deliver-orders\n- to: direct:deliver-there";
    private static final String POST = "- to: \"http://localhost:1/there\"";
    private static final String SETTLE = "- bean: {ref: outcome, method: settle}";

    @TempDir
    private Path folder;

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("multicast", after(steps("multicast", TO_BOTH)), "bean: settles the record a second time"),
                Arguments.of(
                        "two in a row", after(TO_BOTH), "bean: settles the record a second time, after bean settle"),
                Arguments.of(
                        "the same twice",
                        after("- to: direct:deliver-orders\n- to: direct:deliver-orders"),
                        "bean: settles the record a second time, after itself"),
                Arguments.of(
                        "a pipeline inside a pipeline",
                        after(steps("pipeline", TO_BOTH)),
                        "bean: settles the record a second time"),
                Arguments.of(
                        "two posts, two settling steps",
                        last(POST + "\n" + SETTLE),
                        "bean: settles the record a second time"),
                Arguments.of("two posts, one settling step", first(POST), "to: sends the batch a second time"),
                Arguments.of("a post after the settling step", last(POST), "to: sends the batch a second time"),
                Arguments.of(
                        "loop",
                        after("- loop:\n    constant: 2\n    steps:\n      - to: direct:deliver-orders"),
                        "bean: settles the record a second time, after itself"),
                Arguments.of(
                        "split after the batch",
                        after("- split:\n    simple: \"${body}\"\n    steps:\n      - to: direct:deliver-orders"),
                        "bean: settles the record a second time, after itself"),
                Arguments.of(
                        "recipient list",
                        after("- recipientList:\n    constant: \"direct:deliver-orders,direct:deliver-there\""),
                        "recipientList: may lead a batch to several destinations"),
                Arguments.of(
                        "routing slip",
                        after("- routingSlip:\n    constant: \"direct:deliver-orders,direct:deliver-there\""),
                        "routingSlip: may lead a batch to several destinations"),
                Arguments.of(
                        "dynamic router",
                        after("- dynamicRouter:\n    simple: \"direct:deliver-orders\""),
                        "dynamicRouter: may lead a batch to several destinations"),
                Arguments.of(
                        "tapped route",
                        after("- wireTap:\n    uri: direct:deliver-there\n- to: direct:deliver-orders"),
                        "wireTap: does not wait for what it sends"),
                Arguments.of(
                        "tapped service",
                        first("- wireTap:\n    uri: \"http://localhost:1/there\""),
                        "wireTap: does not wait for what it sends"),
                Arguments.of(
                        "on completion",
                        new RouteFile(
                                "orders.camel.yaml",
                                "- onCompletion:\n    steps:\n      - bean: {ref: outcome, method: settle}\n"
                                        + right().text()),
                        "bean: settles the record a second time"),
                Arguments.of(
                        "on completion of every route",
                        new RouteFile(
                                "orders.camel.yaml",
                                "- routeConfiguration:\n    id: after\n    onCompletion:\n      - onCompletion:\n"
                                        + "          steps:\n            - bean: {ref: outcome, method: settle}\n"
                                        + right().text()),
                        "onCompletion: settles a record when its way is over"),
                Arguments.of(
                        "two sinks in the short form",
                        new RouteFile(
                                "orders.camel.yaml",
                                RouteFile.of("routes/examples/short.camel.yaml").text()
                                        + "        - to:\n            uri: kamelet:drover-http-sink\n"
                                        + "            parameters:\n              url: \"http://localhost:1/there\"\n"),
                        "aggregate: only one aggregate may stand between the split and the batch"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void shouldRefuseWhenARecordHasASecondDestination(String form, RouteFile file, String finding) throws IOException {
        // When
        List<String> findings = lint(file);

        // Then
        assertThat(findings)
                .hasSize(1)
                .first()
                .asString()
                .matches("(?s)orders\\.camel\\.yaml:[0-9]+: .*")
                .contains(finding)
                .contains("pipeline of its own".substring(form.startsWith("two sinks") ? 19 : 0));
    }

    static Stream<Arguments> withoutMethod() {
        return Stream.of(
                Arguments.of(
                        "toD",
                        after("- toD: \"http://localhost:1/${exchangeProperty.to}?a=1\"\n"
                                + "- bean: {ref: outcome, method: settle}")),
                Arguments.of("to", right().before("- aggregate:", "- to: \"http://localhost:1/prices?a=1\"")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withoutMethod")
    void shouldRefuseARequestWhenItNamesNoMethod(String step, RouteFile file) throws IOException {
        // When
        List<String> findings = lint(file);

        // Then
        assertThat(findings).singleElement().asString().contains(step + ": names no method; add httpMethod=POST");
    }

    static Stream<Arguments> allowed() {
        return Stream.of(
                Arguments.of("one", right()),
                Arguments.of(
                        "either, by a choice",
                        after(
                                """
                                - choice:
                                    when:
                                      - simple: "${body.size} > 2"
                                        steps:
                                          - to: direct:deliver-orders
                                    otherwise:
                                      steps:
                                        - to: direct:deliver-there
                                """)),
                Arguments.of(
                        "either, by an address", after("- toD:\n    uri: \"direct:deliver-${exchangeProperty.to}\"")),
                Arguments.of(
                        "the other when the first fails",
                        after(
                                """
                                - doTry:
                                    steps:
                                      - to: direct:deliver-orders
                                    doCatch:
                                      - exception:
                                          - java.io.IOException
                                        steps:
                                          - to: direct:deliver-there
                                """)),
                Arguments.of(
                        "a question before the post",
                        first("- to: \"http://localhost:1/price?httpMethod=GET\"\n- enrich:\n"
                                + "    constant: \"http://localhost:1/price\"")),
                Arguments.of("a copy into the log", first("- wireTap:\n    uri: log:batches")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allowed")
    void shouldFindNothingWhenARecordHasOneDestination(String form, RouteFile file) throws IOException {
        // When
        List<String> findings = lint(file);

        // Then
        assertThat(findings).as(form).isEmpty();
    }

    @Test
    void shouldRefuseToStartWhenARecordHasASecondDestination() {
        // Given
        try (Drover drover = Drover.reading(Database.h2().orders(1, 3))
                .file(after(steps("multicast", TO_BOTH)))
                .set("drover.orders.url", "http://localhost:1/here")
                .draining()) {

            // When
            Throwable refusal = catchThrowable(drover::start);

            // Then
            assertThat(NestedExceptionUtils.getMostSpecificCause(refusal))
                    .hasMessageContainingAll("settles the record a second time", "a pipeline of its own");
        }
    }

    /** The address of such a step is known only when the step runs. */
    @Test
    void shouldHaltWhenABatchReachesASecondDestination() {
        // Given
        try (Receiver receiver = Receiver.start("id");
                Drover drover = Drover.reading(Database.h2().orders(1, 3))
                        .file(after("- toD: direct:deliver-${exchangeProperty.none}orders\n"
                                + "- toD: direct:deliver-${exchangeProperty.none}there"))
                        .sendingTo(receiver)
                        .draining()) {

            // When
            drover.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> drover.pipeline("orders").state() == Pipeline.State.HALTED);

            // Then
            assertThat(drover.pipeline("orders").ledger().halted())
                    .get()
                    .asString()
                    .startsWith("step post-there delivers a batch that another step has delivered before");
        }
    }

    private List<String> lint(RouteFile file) throws IOException {
        Files.writeString(folder.resolve("orders.camel.yaml"), file.text());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Files.writeString(
                folder.resolve("application.properties"),
                "drover.orders.url=http://localhost:1/here\ndrover.source.url=jdbc:h2:mem:none\n");
        int unused = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("lint", "--routes", folder.toString());
        return (out + "" + err)
                .lines()
                .map(line -> line.replace(folder + "/", ""))
                .toList();
    }

    private static RouteFile right() {
        return new RouteFile("orders.camel.yaml", RIGHT.text());
    }

    /** These steps in the place of the one that hands the batch over; there is a second route that delivers. */
    private static RouteFile after(String steps) {
        String delivery = RIGHT.text().substring(RIGHT.text().indexOf("- route:\n    id: deliver-orders"));
        String there = delivery.replace("deliver-orders", "deliver-there")
                .replace("id: post-batch", "id: post-there")
                .replace("id: settle", "id: settle-there");
        RouteFile file = right().replace(HAND_OVER, steps.indent(20).strip());
        return new RouteFile(file.name(), file.text() + there);
    }

    /** These steps before the post. */
    private static RouteFile first(String steps) {
        return right().replace("- marshal:", steps.indent(8).strip() + "\n        - marshal:");
    }

    /** These steps at the end. */
    private static RouteFile last(String steps) {
        return new RouteFile("orders.camel.yaml", RIGHT.text() + steps.indent(8));
    }

    private static String steps(String eip, String steps) {
        return "- " + eip + ":\n    steps:\n" + steps.indent(6).stripTrailing();
    }
}
