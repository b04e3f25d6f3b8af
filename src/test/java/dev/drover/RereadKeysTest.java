package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.deadletter.ReplayCounts;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Engine;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of several types find exactly their rows again on every database, in both forms of a pipeline. */
@Integration
class RereadKeysTest {

    private final Receiver receiver = Receiver.start("id");

    @AfterEach
    void stop() {
        receiver.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindExactlyTheRowWhenTheKeyOfATableIsANumberTextTimeAndBytes(Engine engine) {
        findsRows(
                engine,
                PipelineForm.TABLE
                        .file()
                        .replace("table: orders", "table: things")
                        .replace("startAfter: \"0\"\n", "columns: price, code, seen_at, raw, id, name\n")
                        .replace("key: id", "key: price,code,seen_at,raw"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindExactlyTheRowWhenTheKeyOfAReadStepIsANumberTextAndTime(Engine engine) {
        findsRows(
                engine,
                PipelineForm.READ_STEP
                        .file()
                        .replace("key: id", "key: price,code,seen_at")
                        .replace("startAfter: \"0\"", "startAfter: \"0.00,'',2000-01-01T00:00:00\"")
                        .replace(
                                "SELECT id, customer, product, quantity, amount, ordered_at FROM orders WHERE id >"
                                        + " :#${variable.after} AND id <= :#${variable.upTo} ORDER BY id LIMIT",
                                "SELECT id, name, price, code, seen_at FROM things WHERE (price, code, seen_at) >"
                                        + " (:#${variable.after[price]}, :#${variable.after[code]},"
                                        + " :#${variable.after[seen_at]}) ORDER BY price, code, seen_at LIMIT"));
    }

    private void findsRows(Engine engine, RouteFile route) {
        // Given
        Database database = things(engine.newDatabase());
        receiver.fails(Fault.rejectRecords(422, 1, 3, 4, 6));
        try (Drover drover = Drover.reading(database)
                .set("drover.source.consistency", "STATIC")
                .sendingTo(receiver)
                .sizes(10, 20, 40)
                .draining()
                .file(route)) {
            drover.run();
            database.run(
                    "UPDATE things SET name = 'repaired' WHERE id IN (1, 4, 6)", "DELETE FROM things WHERE id = 3");
            receiver.fails(Fault.none());

            // When
            ReplayCounts counts = drover.reread(false);

            // Then
            assertThat(counts.kept()).isEmpty();
            assertThat(counts.delivered()).isEqualTo(3);
            assertThat(counts.gone()).isEqualTo(1);
            assertThat(receiver.acceptedRequests()
                            .flatMap(request -> request.records().stream())
                            .filter(record -> record.path("name").asText().equals("repaired"))
                            .map(record -> record.path("id").asInt()))
                    .containsExactlyInAnyOrder(1, 4, 6);
            assertThat(receiver.accepted()).hasSize(5);
            assertThat(receiver.duplicates()).isEmpty();
            assertThat(database.column("SELECT COUNT(*) FROM drover_dead_letter"))
                    .containsExactly("1");
        }
    }

    /** Neighbours differ in one part of the key only. */
    private static Database things(Database database) {
        String bytes = database.url().startsWith("jdbc:postgresql") ? "BYTEA" : "VARBINARY(8)";
        database.run("CREATE TABLE things (price NUMERIC(10, 2) NOT NULL, code VARCHAR(20) NOT NULL,"
                + " seen_at TIMESTAMP(6) NOT NULL, raw " + bytes + " NOT NULL, id INT NOT NULL, name VARCHAR(20),"
                + " PRIMARY KEY (price, code, seen_at, raw), UNIQUE (price, code, seen_at))");
        row(database, 1, "4.50", "o''brien", "08:00:00.000001", "00");
        row(database, 2, "4.50", "o''brien", "08:00:00.000002", "00");
        row(database, 3, "4.50", "o''brien", "08:00:00.000003", "ff");
        row(database, 4, "4.50", "o''brien, a", "08:00:00.000001", "00ff");
        row(database, 5, "4.50", "o''brien, b", "08:00:00.000001", "00ff");
        row(database, 6, "4.51", "", "08:00:00.000001", "00");
        return database;
    }

    private static void row(Database database, int id, String price, String code, String time, String hex) {
        String bytes = database.url().startsWith("jdbc:postgresql") ? "decode('" + hex + "', 'hex')" : "X'" + hex + "'";
        database.run("INSERT INTO things VALUES (" + price + ", '" + code + "', TIMESTAMP '2026-01-02 " + time + "', "
                + bytes + ", " + id + ", 'as it was')");
    }
}
