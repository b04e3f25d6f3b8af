package dev.drover.examples;

import static dev.drover.examples.Bench.ROWS;
import static dev.drover.examples.Example.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.Integration;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Integration
class ThreeServicesTest {

    private static final List<Long> ALL =
            LongStream.rangeClosed(1, ROWS).boxed().toList();

    private final Receiver crm = new Receiver();
    private final Receiver search = new Receiver();
    private final Receiver audit = new Receiver();
    private Bench bench;

    @BeforeEach
    void setUp(@TempDir Path folder) {
        bench = new Bench(folder, "three-services.camel.yaml")
                .users(ROWS)
                .address("drover.crm.url", crm.url())
                .address("drover.search.url", search.url())
                .address("drover.audit.url", audit.url());
    }

    @AfterEach
    void tearDown() {
        crm.close();
        search.close();
        audit.close();
        bench.close();
    }

    @Test
    void shouldSendEachUserToTheOthersWhileOneServiceIsDownAndThenToIt() {
        // Given
        search.answers(request -> 503);

        // When
        try (Example example = bench.run()) {
            eventually()
                    .until(() -> checkpoints(example).contains("crm 1030")
                            && checkpoints(example).contains("audit 1030"));
            List<String> whileDown = checkpoints(example);
            search.answers(request -> 200);
            eventually().until(() -> checkpoints(example).contains("search 1030"));

            // Then
            assertThat(whileDown).contains("search 0");
            assertThat(List.of(crm, search, audit))
                    .allSatisfy(service -> assertThat(service.acceptedIds()).containsExactlyInAnyOrderElementsOf(ALL));
        }
    }

    private static List<String> checkpoints(Example example) {
        return example.pipelines().stream()
                .map(pipeline -> pipeline.name() + " " + Example.checkpoint(pipeline))
                .toList();
    }
}
