package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.Sql;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.SettledPage;
import dev.drover.store.ParkedStore.Parked;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store of parked records keeps, and for whom; runs on H2, a subclass for each other database. */
public class ParkedStoreTest {

    private static final String LANE = "a lane";
    private static final Checkpoints.Claim NEXT = new Checkpoints.Claim("the next", Duration.ofSeconds(30), true);

    private DataSource database;
    private Checkpoint owner;
    private ParkedStore parked;

    DataSource emptyDatabase() throws Exception {
        return Sql.newH2();
    }

    @BeforeEach
    void own() throws Exception {
        database = emptyDatabase();
        StoreSchema.migrate(database);
        takeOver();
    }

    @Test
    void shouldReturnTheOldestBatchInItsOrder() {
        // Given
        parked.add(LANE, batch(3, 1, 2));
        parked.add(LANE, batch(4, 5));
        parked.add("another", batch(6));

        // Then
        assertThat(parked.first(LANE)).extracting(Parked::cursor).containsExactly("[1]", "[2]", "[3]");
        assertThat(parked.count()).isEqualTo(6);

        // When
        parked.remove(ids(1, 3), ids(2));

        // Then
        assertThat(parked.first(LANE)).extracting(Parked::cursor).containsExactly("[4]", "[5]");
        assertThat(parked.count()).isEqualTo(3);
    }

    @Test
    void shouldWriteABatchOnceWhenItsWriterTriesAgain() {
        // Given
        parked.add(LANE, batch(1, 2));

        // When
        parked.add(LANE, batch(1, 2));

        // Then
        assertThat(parked.has(id(1))).isTrue();
        assertThat(parked.count()).isEqualTo(2);
    }

    @Test
    void shouldRefuseTheOwnerBeforeWhenAnotherHasTakenOver() throws Exception {
        // Given
        parked.add(LANE, batch(1));
        owner.settle(List.of(page(1)));
        ParkedStore before = parked;

        // When
        takeOver();

        // Then
        assertThatThrownBy(() -> before.add(LANE, batch(2))).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> before.remove(ids(1), List.of())).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> before.remove(List.of(), ids(1))).isInstanceOf(FencedException.class);
        assertThatThrownBy(before::take).isInstanceOf(FencedException.class);
        assertThat(parked.take()).isEqualTo(Map.of(LANE, 1L));
    }

    @Test
    void shouldForgetWhatTheCheckpointHasNotPassedWhenAnotherTakesOver() throws Exception {
        // Given
        parked.add(LANE, batch(1, 2, 3));
        parked.add("another", batch(4));
        owner.settle(List.of(page(2)));

        // When
        takeOver();

        // Then
        assertThat(parked.take()).isEqualTo(Map.of(LANE, 2L));
        assertThat(parked.first(LANE)).extracting(Parked::cursor).containsExactly("[1]", "[2]");
    }

    @Test
    void shouldKeepTheMarkOfADeliveredRecordUntilTheCheckpointHasPassedIt() throws Exception {
        // Given
        parked.add(LANE, batch(1, 2));
        parked.remove(ids(1, 2), List.of());
        assertThat(parked.count()).isZero();
        assertThat(Sql.lines(database, "SELECT COUNT(*) FROM drover_dead_letter WHERE payload IS NULL"))
                .isEqualTo("2\n");

        // When
        owner.settle(List.of(page(1)));
        parked.remove(List.of(), List.of());

        // Then
        assertThat(Sql.lines(database, "SELECT COUNT(*) FROM drover_dead_letter"))
                .isEqualTo("1\n");
        assertThat(Sql.lines(database, "SELECT letters_removed FROM drover_checkpoint"))
                .isEqualTo("1\n");
        assertThat(parked.has(id(2))).isTrue();
    }

    private void takeOver() throws SQLException {
        owner = new Checkpoints(database).take("orders", List.of("id"), NEXT);
        parked = new ParkedStore(database, "orders", owner.epoch());
    }

    private static SettledPage page(int rows) {
        return new SettledPage(new Cursor(List.of("id"), List.of((long) rows)), rows);
    }

    private static List<Parked> batch(long... places) {
        return LongStream.of(places)
                .mapToObj(place -> new Parked(
                        id(place),
                        "deliver",
                        "id=" + place,
                        "[" + place + "]",
                        "down",
                        "{\"id\":" + place + "}",
                        place))
                .toList();
    }

    private static List<String> ids(long... places) {
        return LongStream.of(places).mapToObj(ParkedStoreTest::id).toList();
    }

    private static String id(long place) {
        return "0".repeat(56) + String.format("%08x", place);
    }
}
