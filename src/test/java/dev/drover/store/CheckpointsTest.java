package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.drover.Sql;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.FencedException;
import dev.drover.ledger.FlakyStore;
import dev.drover.ledger.Lease;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.SettledPage.Fates;
import dev.drover.ledger.SettlementException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What every store must do; one small subclass for each database. */
public abstract class CheckpointsTest {

    private static final List<String> ID = List.of("id");

    /** An owner that knows that the one before it is gone. */
    private static final Checkpoints.Claim NEXT = new Checkpoints.Claim("the next", Duration.ofSeconds(30), true);

    private DataSource database;
    private FlakyStore store;
    private Checkpoints checkpoints;

    /** A database without any table. */
    abstract DataSource emptyDatabase() throws Exception;

    @BeforeEach
    void migrate() throws Exception {
        database = emptyDatabase();
        StoreSchema.migrate(database);
        store = new FlakyStore(database);
        checkpoints = new Checkpoints(store);
    }

    @Test
    void shouldHaveNoCursorWhenTakenForTheFirstTime() {
        // When
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);

        // Then
        assertThat(checkpoint.cursor()).isEmpty();
        assertThat(checkpoint.epoch()).isEqualTo(1);
        assertThat(checkpoint.settled()).isZero();
    }

    @Test
    void shouldContinueAfterTheLastSettledPageWhenTakenAgain() {
        // Given
        Checkpoint earlier = checkpoints.take("orders", ID, NEXT);
        earlier.settle(List.of(page(10, 10), page(25, 15)));
        earlier.settle(List.of(page(30, 5)));

        // When
        Checkpoint later = checkpoints.take("orders", ID, NEXT);

        // Then
        assertThat(later.cursor()).contains(cursor(30)).isEqualTo(earlier.cursor());
        assertThat(later.settled()).isEqualTo(30).isEqualTo(earlier.settled());
        assertThat(later.epoch()).isEqualTo(2);
    }

    @Test
    void shouldKeepPipelinesApartWhenNamesDifferInCaseOnly() {
        // Given
        checkpoints.take("orders", ID, NEXT).settle(List.of(page(10, 10)));

        // When
        Checkpoint other = checkpoints.take("Orders", ID, NEXT);

        // Then
        assertThat(other.cursor()).isEmpty();
    }

    @Test
    void shouldChangeNothingWhenAnEarlierOwnerWritesLate() {
        // Given
        Checkpoint earlier = checkpoints.take("orders", ID, NEXT);
        Checkpoint owner = checkpoints.take("orders", ID, NEXT);
        owner.settle(List.of(page(10, 10)));

        // When
        Throwable refused = catchThrowable(() -> earlier.settle(List.of(page(99, 99))));

        // Then
        assertThat(refused)
                .isInstanceOf(FencedException.class)
                .hasMessage("pipeline orders is no longer owned by 1: owner 2 has taken it over");
        assertThat(earlier.cursor()).isEmpty();
        assertThat(checkpoints.take("orders", ID, NEXT).cursor()).contains(cursor(10));
    }

    @Test
    void shouldFenceTheEarlierOwnerWhenTheNewOneHasSettledNothingYet() {
        // Given
        Checkpoint earlier = checkpoints.take("orders", ID, NEXT);
        Checkpoint owner = checkpoints.take("orders", ID, NEXT);

        // When
        Throwable refused = catchThrowable(() -> earlier.settle(List.of(page(10, 10))));

        // Then
        assertThat(refused).isInstanceOf(FencedException.class);
        assertThat(canSettle(owner)).isTrue();
    }

    @Test
    void shouldFenceTheOwnerWhenTheCheckpointIsSetByHand() {
        // Given
        Checkpoint owner = checkpoints.take("orders", ID, NEXT);
        owner.settle(List.of(page(10, 10)));
        CheckpointEditor editor = new CheckpointEditor(store);

        // When
        editor.set("orders", cursor(4));

        // Then
        assertThatThrownBy(() -> owner.settle(List.of(page(20, 10)))).isInstanceOf(FencedException.class);
        assertThat(editor.of("orders"))
                .contains(new CheckpointEditor.Stored("orders", cursor(4), null, 10, 2, owner.run() + 1, "the next"));
    }

    @Test
    void shouldBeginAgainWhenTheCheckpointIsRemovedByHand() {
        // Given
        checkpoints.take("orders", ID, NEXT).settle(List.of(page(10, 10)));
        CheckpointEditor editor = new CheckpointEditor(store);

        // When
        editor.set("orders", null);
        editor.set("new", cursor(4));

        // Then
        assertThat(checkpoints.take("orders", ID, NEXT).cursor()).isEmpty();
        assertThat(checkpoints.take("new", ID, NEXT).cursor()).contains(cursor(4));
    }

    @Test
    void shouldBeInTheSameRunWhenItIsTakenAgainAndInAnotherWhenItWasSetByHand() {
        // Given
        CheckpointEditor editor = new CheckpointEditor(store);
        checkpoints.take("orders", ID, NEXT).settle(List.of(page(10, 10)));
        long taken = checkpoints.take("orders", ID, NEXT).run();

        // When
        editor.set("orders", cursor(4));
        long set = checkpoints.take("orders", ID, NEXT).run();
        editor.set("orders", null);
        long reset = checkpoints.take("orders", ID, NEXT).run();

        // Then
        assertThat(List.of(set, reset)).containsExactly(taken + 1, taken + 2);
        assertThat(checkpoints.run("orders")).isEqualTo(reset);
        assertThat(editor.of("orders").orElseThrow().run()).isEqualTo(reset);
    }

    @Test
    void shouldBeInAnotherRunWhenItIsDeletedAndWrittenAnew() throws Exception {
        // Given
        long before = checkpoints.take("orders", ID, NEXT).run();
        Thread.sleep(2); // a run is told by its millisecond

        // When
        Sql.run(store, "DELETE FROM drover_checkpoint");

        // Then
        assertThat(checkpoints.take("orders", ID, NEXT).run()).isGreaterThan(before);
    }

    @Test
    void shouldShowTheOthersWhenOneCheckpointIsCorrupt() throws SQLException {
        // Given
        checkpoints.take("orders", ID, NEXT).settle(List.of(page(10, 10)));
        change("UPDATE drover_checkpoint SET cursor_json = 'x'");
        checkpoints.take("visits", ID, NEXT);

        // When
        List<CheckpointEditor.Stored> all = new CheckpointEditor(store).all();

        // Then
        assertThat(all).extracting(CheckpointEditor.Stored::pipeline).containsExactly("orders", "visits");
        assertThat(all.get(0).text()).contains("corrupt");
    }

    @Test
    void shouldKeepTheWordOfTheLaterOwnerWhenAnEarlierOneTellsLate() {
        // Given
        Statuses statuses = new Statuses(store);
        statuses.tell("orders", 1, "first");
        statuses.tell("orders", 2, "second");

        // When
        statuses.tell("orders", 1, "late");

        // Then
        assertThat(statuses.read()).containsOnlyKeys("orders");
        assertThat(statuses.read().get("orders").json()).isEqualTo("second");
        assertThat(statuses.read().get("orders").epoch()).isEqualTo(2);
        assertThat(statuses.read().get("orders").age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    }

    @Test
    void shouldGiveEachAnEpochOfItsOwnWhenSeveralTakeAtOnce() throws Exception {
        // When
        List<Checkpoint> owners = atOnce(6, () -> checkpoints.take("orders", ID, NEXT));

        // Then
        assertThat(owners).extracting(Checkpoint::epoch).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(owners)
                .filteredOn(this::canSettle)
                .extracting(Checkpoint::epoch)
                .containsExactly(6L);
    }

    @Test
    void shouldRefuseWithoutItsTextWhenTheCheckpointIsCorrupt() throws SQLException {
        // Given
        checkpoints.take("orders", ID, NEXT).settle(List.of(page(10, 10)));
        change(
                "UPDATE drover_checkpoint SET cursor_json = '[{\"column\":\"id\",\"type\":\"long\",\"value\":\"secret\"}]'");

        // When
        Throwable refused = catchThrowable(() -> checkpoints.take("orders", ID, NEXT));

        // Then
        assertThat(refused).isInstanceOf(IllegalStateException.class).hasNoCause();
        assertThat(refused.getMessage())
                .startsWith("the checkpoint of pipeline orders is corrupt")
                .doesNotContain("secret");
    }

    @Test
    void shouldRefuseAndFenceNobodyWhenTheKeyIsAnother() {
        // Given
        Checkpoint owner = checkpoints.take("orders", ID, NEXT);
        owner.settle(List.of(page(10, 10)));

        // When
        Throwable refused = catchThrowable(() -> checkpoints.take("orders", List.of("tenant", "id"), NEXT));

        // Then
        assertThat(refused)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("pipeline orders", "[id]", "[tenant, id]", "new name");
        assertThat(canSettle(owner)).isTrue();
    }

    @Test
    void shouldWriteLaterWhenTheStoreIsGoneForAMoment() {
        // Given
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);
        store.is(FlakyStore.Mood.GONE);
        Throwable gone = catchThrowable(() -> checkpoint.settle(List.of(page(10, 10))));
        store.is(FlakyStore.Mood.WELL);

        // When
        checkpoint.settle(List.of(page(10, 10), page(20, 10)));

        // Then
        assertThat(gone).isInstanceOf(SettlementException.class).hasMessageContaining("orders");
        assertThat(checkpoints.take("orders", ID, NEXT).settled()).isEqualTo(20);
    }

    @Test
    void shouldSayThatItCanNotBeTakenNowWhenTheStoreIsGone() {
        // Given
        store.is(FlakyStore.Mood.GONE);

        // When, Then
        assertThatThrownBy(() -> checkpoints.take("orders", ID, NEXT))
                .isInstanceOf(SettlementException.class)
                .hasMessage("the checkpoint of pipeline orders cannot be taken now");
    }

    @Test
    void shouldAcceptItsOwnWriteWhenOnlyTheAnswerWasLost() {
        // Given
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);
        settleWithoutAnswer(checkpoint, page(10, 10));

        // When
        checkpoint.settle(List.of(page(10, 10)));

        // Then
        assertThat(checkpoint.cursor()).contains(cursor(10));
        assertThat(checkpoints.take("orders", ID, NEXT).settled()).isEqualTo(10);
    }

    @Test
    void shouldWriteTheRestWhenTheAnswerWasLostAndMorePagesFollow() {
        // Given
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);
        settleWithoutAnswer(checkpoint, page(10, 10));

        // When
        checkpoint.settle(List.of(page(10, 10), page(20, 10)));

        // Then
        Checkpoint later = checkpoints.take("orders", ID, NEXT);
        assertThat(later.cursor()).contains(cursor(20));
        assertThat(later.settled()).isEqualTo(20);
    }

    @Test
    void shouldNotMoveBackWhenAWriteOfTheSameOwnerArrivesLate() {
        // Given
        Checkpoint owner = checkpoints.take("orders", ID, NEXT);
        Checkpoint late = new Checkpoint(
                database,
                "orders",
                NEXT.lease(),
                Lease.of(NEXT.lease()),
                new Checkpoints.Row(null, 0, owner.epoch(), owner.run(), Checkpoint.Origin.UNKNOWN),
                null);
        owner.settle(List.of(page(20, 20)));

        // When
        Throwable refused = catchThrowable(() -> late.settle(List.of(page(10, 10))));

        // Then
        assertThat(refused).isInstanceOf(FencedException.class).hasMessageContaining("another hand");
        assertThat(checkpoints.take("orders", ID, NEXT).cursor()).contains(cursor(20));
    }

    @Test
    void shouldGoOnWhenTheStoreHasForgottenAWriteThatItAcknowledged() throws SQLException {
        // Given
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);
        checkpoint.settle(List.of(page(10, 10)));
        checkpoint.settle(List.of(page(20, 10)));
        change("UPDATE drover_checkpoint SET settled = 10");

        // When
        checkpoint.settle(List.of(page(30, 10)));

        // Then
        assertThat(checkpoint.settled()).isEqualTo(30);
        assertThat(checkpoints.cursor("orders")).contains(cursor(30));
    }

    @Test
    void shouldSayThatTheCheckpointWasDeletedWhenItsRowIsMissing() throws SQLException {
        // Given
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);
        change("DELETE FROM drover_checkpoint");

        // When, Then
        assertThatThrownBy(() -> checkpoint.settle(List.of(page(10, 10))))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("deleted");
    }

    @Test
    void shouldKeepALongCursorWhenItsValueIsALongText() {
        // Given
        Cursor wide = new Cursor(List.of("name"), List.of("ü'\"\\\n\u0000".repeat(500)));
        checkpoints.take("names", List.of("name"), NEXT).settle(List.of(new SettledPage(wide, 1)));

        // When
        Checkpoint later = checkpoints.take("names", List.of("name"), NEXT);

        // Then
        assertThat(later.cursor()).contains(wide);
    }

    @Test
    void shouldHaveReceiptsOfExactlyWhatTheCheckpointHasPassedWhenAnOwnerIsKilledInASegment() {
        // Given
        Checkpoint killed = checkpoints.take("orders", ID, NEXT);
        killed.beginsAfter(cursor(0));
        killed.settle(List.of(page(10, 10), page(25, 15)));
        killed.settle(List.of(page(30, 5)));
        Checkpoint next = checkpoints.take("orders", ID, NEXT);

        // When
        next.settle(List.of(page(40, 10)));

        // Then
        assertThat(receipts())
                .extracting(Receipt::after, Receipt::last, Receipt::rows, Receipt::fates, Receipt::digest)
                .containsExactly(
                        tuple(cursor(0), cursor(30), 30L, new Fates(27, 0, 3), digest(1, 30)),
                        tuple(cursor(30), cursor(40), 10L, new Fates(9, 0, 1), digest(31, 40)));
        assertThat(receipts().get(1).keys())
                .contains(LongStream.rangeClosed(31, 40)
                        .mapToObj(List::<Object>of)
                        .toList());
    }

    @Test
    void shouldHaveOneReceiptOfARowWhenTheAnswerToAWriteIsLostAndMoreIsWrittenWithItAgain() {
        // Given
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);
        settleWithoutAnswer(checkpoint, page(9_000, 9_000));

        // When
        checkpoint.settle(List.of(page(9_000, 9_000), page(11_000, 2_000), page(12_000, 1_000)));

        // Then
        assertThat(receipts())
                .extracting(Receipt::last, Receipt::rows, Receipt::digest)
                .containsExactly(
                        tuple(cursor(11_000), 11_000L, digest(1, 11_000)),
                        tuple(cursor(12_000), 1_000L, digest(11_001, 12_000)));
        assertThat(new Receipts(database).audit("orders").orElseThrow().deadLettered())
                .isEqualTo(3);
    }

    @Test
    void shouldHaveNoReceiptWhenAnEarlierOwnerWritesLate() {
        // Given
        Checkpoint earlier = checkpoints.take("orders", ID, NEXT);
        checkpoints.take("orders", ID, NEXT).settle(List.of(page(10, 10)));

        // When
        Throwable refused = catchThrowable(() -> earlier.settle(List.of(page(20, 20))));

        // Then
        assertThat(refused).isInstanceOf(FencedException.class);
        assertThat(receipts()).extracting(Receipt::last).containsExactly(cursor(10));
    }

    @Test
    void shouldKeepTheReceiptsUpToACheckpointThatIsSetByHand() {
        // Given
        for (long last = 10; last <= 40; last += 10) {
            checkpoints.take("orders", ID, NEXT).settle(List.of(page(last, 10)));
        }
        CheckpointEditor editor = new CheckpointEditor(store);

        // When
        editor.set("orders", cursor(25));
        List<Receipt> set = receipts();
        editor.set("orders", null);

        // Then
        assertThat(set).extracting(Receipt::last).containsExactly(cursor(10), cursor(20));
        assertThat(receipts()).isEmpty();
    }

    @Test
    void shouldKeepRowsThatWereReadLateBesideTheSegments() {
        // Given
        Checkpoint checkpoint = checkpoints.take("orders", ID, NEXT);
        SettledPage late = new SettledPage(cursor(20), 1, List.of(cursor(7)), new Fates(1, 0, 0));

        // When
        checkpoint.settle(List.of(page(20, 10), late, page(30, 10)));

        // Then
        assertThat(receipts()).extracting(Receipt::last, Receipt::rows).containsExactly(tuple(cursor(30), 20L));
        assertThat(new Receipts(database).nextBeside("orders", 0))
                .extracting(Receipt::last, Receipt::digest)
                .containsExactly(tuple(cursor(7), digest(7, 7)));
    }

    @RepeatedTest(3)
    void shouldMigrateBesideOtherTablesWhenSeveralStartAtOnce() throws Exception {
        // Given
        DataSource fresh = emptyDatabase();
        try (Connection connection = fresh.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id INT PRIMARY KEY)");
        }

        // When
        atOnce(6, () -> {
            StoreSchema.migrate(fresh);
            return true;
        });

        // Then
        assertThat(new Checkpoints(fresh).take("orders", ID, NEXT).epoch()).isEqualTo(1);
        assertThat(count(fresh, "drover_dead_letter")).isZero();
    }

    private List<Receipt> receipts() {
        return new Receipts(database).next("orders", -1);
    }

    private static String digest(long first, long last) {
        ReceiptKeys keys = new ReceiptKeys();
        LongStream.rangeClosed(first, last).map(each -> first + last - each).forEach(each -> keys.add(List.of(each)));
        return keys.digest();
    }

    private void settleWithoutAnswer(Checkpoint checkpoint, SettledPage page) {
        store.is(FlakyStore.Mood.LOSES_ANSWERS);
        try {
            checkpoint.settle(List.of(page));
            throw new AssertionError("the answer was not lost");
        } catch (SettlementException expected) {
            store.is(FlakyStore.Mood.WELL);
        }
    }

    private boolean canSettle(Checkpoint checkpoint) {
        try {
            checkpoint.settle(List.of(page(100, 1)));
            return true;
        } catch (FencedException e) {
            return false;
        }
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static int count(DataSource database, String table) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch ready = new CountDownLatch(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return work.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : running) {
                results.add(result.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private static SettledPage page(long last, int rows) {
        List<Cursor> keys = LongStream.rangeClosed(last - rows + 1, last)
                .mapToObj(CheckpointsTest::cursor)
                .toList();
        return new SettledPage(cursor(last), rows, keys, new Fates(rows - 1, 0, 1));
    }

    private static Cursor cursor(long id) {
        return new Cursor(List.of("id"), List.of(id));
    }
}
