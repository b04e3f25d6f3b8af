package dev.drover.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.Sql;
import dev.drover.ledger.FencedException;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.StoreSchema;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept, until when, and for whom; runs on H2, a subclass for each other database. */
class KeptStoreTest {

    private static final KeptStore.Owner OWNER = new KeptStore.Owner("orders", 3);
    private static final String ROUTE = "deliver-orders";

    private DataSource database;
    private KeptStore store;

    DataSource emptyDatabase() throws Exception {
        return Sql.newH2();
    }

    @BeforeEach
    void open() throws Exception {
        database = emptyDatabase();
        StoreSchema.migrate(database);
        Sql.run(
                database,
                "INSERT INTO drover_checkpoint (pipeline, settled, epoch, updated_at)"
                        + " VALUES ('orders', 10, 3, CURRENT_TIMESTAMP)");
        store = new KeptStore(database);
    }

    @Test
    void shouldGiveBackEveryByteWhenABatchIsKept() throws Exception {
        // Given
        byte[] large = new byte[3_000_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) i;
        }
        KeptStore.Name name = new KeptStore.Name(ROUTE, "a");
        KeptStore.Kept kept = new KeptStore.Kept(name, List.of("1", "2"), 12, "application/json", null, large);

        // When
        keep(kept);

        // Then
        KeptStore.Kept read = store.read("orders", name).orElseThrow();
        assertThat(read.body()).isEqualTo(large);
        assertThat(read)
                .isEqualTo(new KeptStore.Kept(name, List.of("1", "2"), 12, "application/json", null, read.body()));
    }

    @Test
    void shouldGiveTheFirstBytesWhenTheIdIsKnown() throws Exception {
        // Given
        keep(batch("a", 12, "first"));

        // When
        KeptStore.Kept kept = store.keep(OWNER, batch("a", 12, "second"), Optional.empty());

        // Then
        assertThat(kept.body()).isEqualTo("first".getBytes(StandardCharsets.UTF_8));
        assertThat(ids()).containsExactly("a");
    }

    @Test
    void shouldForgetABatchWhenTheCheckpointHasPassedItsLastRecord() throws Exception {
        // Given
        keep(batch("later", 12, "x"));
        keep(batch("sooner", 11, "x"));
        keep(batch("another-route", "sooner", 11, "x"));
        assertThat(ids()).containsExactly("sooner", "sooner", "later");

        // When
        checkpoint("settled = 11");

        // Then
        assertThat(ids()).containsExactly("later");
        checkpoint("settled = 12");
        keep(batch("next", 13, "x"));
        assertThat(ids()).containsExactly("next");
    }

    @Test
    void shouldForgetTheRefusedBatchWhenItsHalfIsKept() throws Exception {
        // Given
        keep(batch("whole", 12, "x"));

        // When
        store.keep(OWNER, batch("half", 11, "x"), Optional.of("whole"));

        // Then
        assertThat(ids()).containsExactly("half");
    }

    @Test
    void shouldKeepNothingWhenAnotherOwnerHasTakenOver() throws Exception {
        // Given
        keep(batch("a", 12, "x"));
        checkpoint("epoch = 4, settled = 12");

        // When
        assertThatThrownBy(() -> keep(batch("b", 13, "x"))).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> store.unpassed(OWNER)).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> store.forget(OWNER, new KeptStore.Name(ROUTE, "a")))
                .isInstanceOf(FencedException.class);

        // Then
        assertThat(Sql.lines(database, "SELECT id FROM drover_kept_batch")).isEqualTo("a\n");
    }

    @Test
    void shouldForgetAllOfAPipelineWhenItsCheckpointIsSetByHand() throws Exception {
        // Given
        keep(batch("a", 12, "x"));

        // When
        new CheckpointEditor(database).set("orders", null);

        // Then
        assertThat(Sql.lines(database, "SELECT id FROM drover_kept_batch")).isEmpty();
    }

    private void checkpoint(String change) throws SQLException {
        Sql.run(database, "UPDATE drover_checkpoint SET " + change);
    }

    private void keep(KeptStore.Kept batch) throws SQLException {
        assertThat(store.keep(OWNER, batch, Optional.empty())).isSameAs(batch);
    }

    private static KeptStore.Kept batch(String id, long last, String body) {
        return batch(ROUTE, id, last, body);
    }

    private static KeptStore.Kept batch(String route, String id, long last, String body) {
        return new KeptStore.Kept(
                new KeptStore.Name(route, id), List.of("1"), last, null, null, body.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> ids() throws SQLException {
        return store.unpassed(OWNER).stream().map(KeptStore.Name::id).toList();
    }
}
