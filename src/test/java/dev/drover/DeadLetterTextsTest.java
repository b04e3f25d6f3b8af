package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.Answer;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store takes a dead letter with any text of an answer and of a row. */
@Integration
class DeadLetterTextsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ODD = "a\0b \uD83D\uDE00 \u6F22 ";
    private static final String CUSTOMER = "Zo\u00EB \uD83D\uDE00";

    private final Database source = Database.h2().orders(1, 2);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(source)
            .file(RouteFile.of("routes/orders.camel.yaml"))
            .sendingTo(receiver)
            .sizes(10, 10, 10)
            .draining();

    /** Databases, and the reason as each of them can hold it. */
    enum Store {
        H2("a\uFFFDb \uD83D\uDE00 \u6F22 "),
        POSTGRES("a\uFFFDb \uD83D\uDE00 \u6F22 "),
        POSTGRES_LATIN1("a?b ? ? "),
        MARIADB_LATIN1("a\uFFFDb \uD83D\uDE00 \u6F22 ");

        private final String held;

        Store(String held) {
            this.held = held;
        }

        Database open() {
            return switch (this) {
                case H2 -> Database.h2();
                case POSTGRES -> Database.postgres();
                case POSTGRES_LATIN1 ->
                    Database.postgres("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
                case MARIADB_LATIN1 -> {
                    Database made = Database.mariaDb();
                    made.run("ALTER DATABASE " + made.name() + " CHARACTER SET latin1");
                    yield made;
                }
            };
        }
    }

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSetTheRecordAsideWhenTheAnswerHasWhatNoColumnHolds(Store kind) {
        // Given
        source.run("UPDATE orders SET customer = '" + CUSTOMER + "'");
        Database store = kind.open();
        receiver.fails(request -> Optional.of(new Answer(422, Map.of(), ODD + "x".repeat(5000))));

        // When
        drover.set("drover.store.url", store.url())
                .set("drover.store.username", store.username())
                .start();
        drover.awaitEnd();

        // Then
        assertThat(store.column("SELECT reason FROM drover_dead_letter"))
                .hasSize(2)
                .allSatisfy(reason -> assertThat(reason)
                        .startsWith("status 422: " + kind.held)
                        .hasSizeBetween(1999, 2000)
                        .matches("(?s).*x(\u2026|\\?)"));
        assertThat(store.column("SELECT payload FROM drover_dead_letter").stream()
                        .map(DeadLetterTextsTest::customer))
                .containsOnly(CUSTOMER);
    }

    @Test
    void shouldKeepARowAsItIsWhenItHasATextThatNoStoreHolds() {
        // Given
        Database store = Database.postgres();
        source.run("UPDATE orders SET customer = 'half ' || CHAR(55357) WHERE id = 1");
        receiver.fails(Fault.rejectRecords(422, 1));

        // When
        drover.set("drover.store.url", store.url())
                .set("drover.store.username", store.username())
                .start();
        drover.awaitEnd();

        // Then
        assertThat(receiver.accepted()).containsOnlyKeys("2");
        assertThat(store.column("SELECT payload FROM drover_dead_letter"))
                .singleElement()
                .extracting(DeadLetterTextsTest::customer)
                .isEqualTo("half \uD83D");
    }

    @Test
    void shouldSayWhyWhenTheStoreDoesNotTakeADeadLetter() {
        // Given
        Database store = Database.postgres();
        receiver.fails(Fault.respond(503));
        drover.set("drover.store.url", store.url()).set("drover.store.username", store.username());
        try (Logs logs = new Logs()) {

            // When
            drover.start();
            await().atMost(PATIENCE).until(() -> !receiver.requests().isEmpty());
            store.run("ALTER TABLE drover_dead_letter RENAME TO away");
            receiver.fails(Fault.respond(422));
            await().atMost(PATIENCE).until(() -> drover.pipelines()
                    .get(0)
                    .ledger()
                    .faults()
                    .storeFailure()
                    .isPresent());

            // Then
            assertThat(drover.pipelines().get(0).ledger().holder())
                    .hasValueSatisfying(holder -> assertThat(holder.reason())
                            .contains("the store takes a dead letter")
                            .contains("drover_dead_letter"));
            assertThat(logs.says("the store does not take a dead letter")).isTrue();

            // When
            store.run("ALTER TABLE away RENAME TO drover_dead_letter");
            drover.awaitEnd();

            // Then
            assertThat(store.column("SELECT id FROM drover_dead_letter")).hasSize(2);
            assertThat(drover.pipelines().get(0).ledger().faults().storeFailure())
                    .isEmpty();
        }
    }

    /** MariaDB takes no statement that is longer than its setting, which a connection learns when it is opened. */
    @Test
    void shouldNameTheSettingAndGoOnWhenMariaDbTakesNoStatementOfThatLength() {
        // Given
        Database store = Database.mariaDb();
        source.run(
                "ALTER TABLE orders ALTER COLUMN customer VARCHAR(3000000)",
                "UPDATE orders SET customer = REPEAT('x', 2000000) WHERE id = 1");
        receiver.fails(Fault.rejectRecords(422, 1));
        store.run("SET GLOBAL max_allowed_packet = 1048576");
        try {

            // When
            drover.set("drover.store.url", store.url())
                    .set("drover.store.username", store.username())
                    .start();

            // Then
            // The server closes the connection while it is written to: some attempts see only that.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            drover.pipelines().get(0).ledger().faults().storeFailure())
                    .hasValueSatisfying(why -> assertThat(why).contains("max_allowed_packet")));
        } finally {
            store.run("SET GLOBAL max_allowed_packet = 16777216");
        }
        drover.awaitEnd();
        assertThat(store.column("SELECT record_key FROM drover_dead_letter")).containsExactly("id=1");
    }

    private static String customer(String payload) {
        try {
            return new ObjectMapper().readTree(payload).path("customer").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
