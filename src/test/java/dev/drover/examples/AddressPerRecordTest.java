package dev.drover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class AddressPerRecordTest {

    private static final int ROWS = 1030;

    private final Receiver receiver = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "address-per-record.camel.yaml")
                .orders(ROWS)
                .address("drover.orders.url", receiver.url().replaceFirst("/$", ""))
                .address("camel.component.pages.mode", "DRAIN");
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        bench.close();
    }

    @Test
    void shouldSendTheRecordsOfOneAddressTogetherAndSetAsideThoseWithoutOne() {
        // Given
        Set<Long> without = LongStream.rangeClosed(1, ROWS)
                .filter(id ->
                        Objects.requireNonNullElse(Bench.customerOf(id), "").isEmpty())
                .boxed()
                .collect(Collectors.toSet());

        // When
        try (Example example = bench.run()) {
            example.awaitEnd();
        }

        // Then
        assertThat(receiver.acceptedIds()).hasSize(ROWS - without.size()).doesNotHaveDuplicates();
        assertThat(receiver.acceptedIds()).doesNotContainAnyElementsOf(without);
        assertThat(receiver.accepted()).hasSizeLessThan(150).allSatisfy(request -> {
            List<String> customers =
                    request.ids().stream().map(Bench::customerOf).distinct().toList();
            assertThat(customers)
                    .containsExactly(URI.create(request.path()).getPath().substring("/customers/".length()));
        });
        assertThat(receiver.accepted())
                .extracting(Receiver.Request::path)
                .contains("/customers/O%27Neill%2C%20Ann", "/customers/%24%7Bbody%7D%2C%201%29");
        assertThat(bench.deadLetters("reason"))
                .hasSize(without.size())
                .allMatch(reason -> reason.contains("the address has no value for ${body[customer]}"));
    }
}
