package dev.drover.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.cli.NewFile;
import dev.drover.cli.NewPipeline;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the steps of the tutorial that have a route, as printed, on its tables. */
@Integration
class TutorialTest {

    private static final int ROWS = 30;

    @TempDir
    Path folder;

    private Page page;
    private Database shop;
    private Receiver receiver;

    @BeforeEach
    void start() throws IOException {
        page = Page.read(Path.of("src/site/markdown/tutorial.md"));
        shop = Database.postgres();
        shop.run(page.blocks("sql").get(0));
        shop.run(
                "INSERT INTO customers SELECT x, 'customer ' || x FROM " + shop.rows(0, 1),
                "INSERT INTO invoices (customer, total, issued_on, street, city) SELECT x % 3, x - 1 + 0.50 * sign(x - 1),"
                        + " DATE '2026-01-01', 'Main Street ' || x, 'Ghent' FROM " + shop.rows(1, ROWS));
        receiver = Receiver.start("invoice_no");
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void shouldBeWhatNewWritesWhenItIsTheFirstStep() {
        // When
        String written = NewFile.text(
                new NewPipeline("invoices", "invoices", List.of(), "http://localhost:8080/invoices"),
                false,
                folder,
                Map.of("drover.source.url", shop.url(), "drover.source.username", shop.username()));

        // Then
        assertThat(page.blocks("yaml").get(0).strip()).isEqualTo(written.strip());
        step(1);
        assertThat(receiver.accepted()).hasSize(ROWS);
    }

    @Test
    void shouldSendSomeColumnsOfSomeRowsWhenTheyAreNamed() {
        // When
        step(2);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS - 1).doesNotContainKey("1");
        assertThat(receiver.requests().get(0).records().get(0).fieldNames())
                .toIterable()
                .containsExactly("invoice_no", "customer", "total");
    }

    @Test
    void shouldSetARowAsideWhenItIsNotValid() {
        // When
        step(3);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS - 1);
        assertThat(shop.column("SELECT record_key FROM drover_dead_letter")).containsExactly("invoice_no=1");
        assertThat(shop.column("SELECT reason FROM drover_dead_letter").get(0))
                .startsWith("Validation failed")
                .endsWith("(PredicateValidationException)");
    }

    @Test
    void shouldSendOneCustomerInEachBatchWhenTheyAreGrouped() {
        // When
        step(4);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.requests()).hasSize(3).allSatisfy(request -> assertThat(customers(request))
                .hasSize(1));
    }

    @Test
    void shouldPutAnEnvelopeWhenTheServiceWantsOne() {
        // When
        step(5);

        // Then
        Request request = receiver.requests().get(0);
        assertThat(request.line()).startsWith("PUT ");
        assertThat(request.records().get(0).path("records")).hasSize(ROWS);
    }

    @Test
    void shouldSendTheTokenWhenTheDestinationHasCredentials() {
        // When
        step(6);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.requests().get(0).header("authorization")).contains("Bearer s3cret");
    }

    @Test
    void shouldSendTheShapeOfTheSelectWhenThereIsOne() {
        // When
        step(7);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        List<String> records = receiver.requests().get(0).records().stream()
                .map(Object::toString)
                .toList();
        assertThat(records.get(2))
                .isEqualTo(
                        "{\"invoice_no\":3,\"buyer\":\"customer 0\",\"total\":\"2.50\",\"note\":\"none\",\"address\":"
                                + "{\"city\":\"Ghent\",\"street\":\"Main Street 3\"}}");
        assertThat(records.get(1)).contains("\"buyer\":null");
    }

    @Test
    void shouldSendAHeaderToAnAddressOfItsOwnWhenABatchHasOne() {
        // When
        step(8);

        // Then
        assertThat(receiver.accepted()).hasSize(ROWS);
        assertThat(receiver.requests()).hasSize(3).allSatisfy(request -> {
            assertThat(customers(request))
                    .containsExactly(request.header("x-customer").orElse(""));
            assertThat(request.line())
                    .isEqualTo("POST /orders/" + request.header("x-customer").orElse(""));
        });
    }

    private static List<String> customers(Request request) {
        return request.records().stream()
                .map(record -> record.path("customer").asText())
                .distinct()
                .collect(Collectors.toList());
    }

    private void step(int step) {
        try (Drover drover = Drover.reading(shop)) {
            drover.file(new RouteFile("invoices.camel.yaml", page.blocks("yaml").get(step - 1)))
                    .draining()
                    .set("drover.invoices.url", receiver.url())
                    .set("drover.invoices.token", "file:" + Files.writeString(folder.resolve("token"), "s3cret"));
            drover.run();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
