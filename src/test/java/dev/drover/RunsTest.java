package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.drover.store.CheckpointEditor;
import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Receiver;
import dev.drover.testing.Request;
import dev.drover.testing.RouteFile;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent again on purpose has other keys than before; what a restart sends again has the same. */
@Integration
class RunsTest {

    private final Database database = Database.h2().orders(1, 200);
    private final Receiver receiver = Receiver.start("id");
    private final Drover drover = Drover.reading(database)
            .file(RouteFile.of("routes/orders.camel.yaml"))
            .sendingTo(receiver)
            .sizes(100, 50, 1000);

    @AfterEach
    void stop() {
        drover.close();
        receiver.close();
    }

    @Test
    void shouldSendTheSameKeysWhenItIsStartedAgain() {
        // Given
        receiver.fails(Fault.respond(503));
        drover.start();
        await().until(() -> keys().size() == 4);
        drover.stop();
        Set<String> before = keys();
        receiver.fails(Fault.none());

        // When
        drover.draining().run();

        // Then
        assertThat(receiver.accepted()).hasSize(200);
        assertThat(keys()).hasSize(4).isEqualTo(before);
    }

    @Test
    void shouldSendOtherKeysWhenTheCheckpointIsResetByHand() {
        // Given
        drover.draining().run();
        Set<String> before = keys();

        // When
        editor().set("orders", null);
        drover.run();

        // Then
        assertThat(receiver.duplicates()).hasSize(200);
        assertThat(before).hasSize(4);
        assertThat(keys()).hasSize(8).containsAll(before);
    }

    @Test
    void shouldWriteADeadLetterOfItsOwnWhenARecordIsRefusedInAnotherRun() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7));
        drover.draining().run();

        // When
        editor().set("orders", null);
        drover.run();

        // Then
        assertThat(deadLetters()).containsExactly("id=7", "id=7");
    }

    @Test
    void shouldWriteOneDeadLetterWhenTheSameRunComesToTheRecordAgain() {
        // Given
        receiver.fails(Fault.rejectRecords(422, 7));
        drover.draining().run();

        // When
        database.run("UPDATE drover_checkpoint SET cursor_json = NULL");
        drover.run();

        // Then
        assertThat(receiver.duplicates()).hasSize(199);
        assertThat(deadLetters()).containsExactly("id=7");
    }

    private Set<String> keys() {
        return receiver.requests().stream().map(Request::key).collect(Collectors.toSet());
    }

    private List<String> deadLetters() {
        return database.column("SELECT record_key FROM drover_dead_letter");
    }

    private CheckpointEditor editor() {
        JdbcDataSource store = new JdbcDataSource();
        store.setURL(database.url());
        store.setUser(database.username());
        return new CheckpointEditor(store);
    }
}
