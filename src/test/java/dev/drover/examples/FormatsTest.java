package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import dev.drover.testing.RawReceiver;
import dev.drover.testing.RawReceiver.Arrived;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples that send orders in another format than a JSON array. */
@Integration
class FormatsTest {

    private static final Pattern ID = Pattern.compile("\\{\"id\":(\\d+),\"customer\"");

    private final RawReceiver receiver = new RawReceiver();

    @TempDir
    Path folder;

    @AfterEach
    void tearDown() {
        receiver.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ndjson-gzip; application/x-ndjson; {\"id\":",
                "envelope; application/json; {\"shop\":\"north\",\"version\":1,\"orders\":[{\"id\":",
                "cloudevents; application/cloudevents-batch+json;"
                        + " [{\"specversion\":\"1.0\",\"source\":\"/shop/orders\",\"type\":\"com.example.order\","
            })
    void shouldSendEachOrderOnceWhenRunUntilDrained(String example, String type, String beginning) {
        try (Bench bench = bench(example);
                Example run = bench.run()) {
            // When
            run.awaitEnd();

            // Then
            assertThat(receiver.arrived())
                    .extracting(request -> ids(request).size())
                    .containsExactlyInAnyOrder(500, 500, 30);
            assertThat(receiver.arrived().stream().flatMap(request -> ids(request).stream()))
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, ROWS).boxed().toList());
            assertThat(receiver.arrived()).allSatisfy(request -> {
                assertThat(request.types()).containsExactly(type);
                assertThat(request.text()).startsWith(beginning);
            });
            assertThat(checkpoint(run.pipeline())).isEqualTo(ROWS);
        }
    }

    @Test
    void shouldCompressEachRequestWhenTheRouteSaysGzip() {
        try (Bench bench = bench("ndjson-gzip");
                Example run = bench.run()) {
            // When
            run.awaitEnd();

            // Then
            assertThat(receiver.arrived()).allSatisfy(request -> {
                assertThat(request.encodings()).containsExactly("gzip");
                assertThat(request.body().length).isLessThan(request.text().length() / 2);
            });
        }
    }

    private Bench bench(String example) {
        return new Bench(folder, example + ".camel.yaml").orders(ROWS).address("drover.orders.url", receiver.url());
    }

    private static List<Long> ids(Arrived request) {
        return ID.matcher(request.text())
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
    }
}
