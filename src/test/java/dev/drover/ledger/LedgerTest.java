package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LedgerTest {

    private static final Duration LONG = Duration.ofSeconds(15);

    private final Written written = new Written();
    private final Ledger ledger = new Ledger("orders", written, 10);

    @Test
    void shouldHaltWhenFewerRecordsEndedThanWereRead() {
        // Given
        OpenPage page = open();
        record(page).ended(false, false);

        // When
        page.close(2, cursor(2));

        // Then
        assertThat(ledger.halted())
                .contains("the page up to id=2 is not settled: only 1 of 2 records were seen to end");
        assertThat(written.pages).isEmpty();
    }

    @Test
    void shouldHaltWhenOneRecordEndedTwiceAndAnotherNever() {
        // Given
        OpenPage page = open();
        RecordOnPage record = record(page);
        record.ended(false, false);
        record.ended(false, false);

        // When
        page.close(2, cursor(2));

        // Then
        assertThat(ledger.halted()).hasValueSatisfying(why -> assertThat(why).contains("end twice"));
        assertThat(written.pages).isEmpty();
    }

    @Test
    void shouldHaltWhenARecordThrewWithoutDeadLetter() {
        // Given
        OpenPage page = open();
        record(page).ended(true, false);

        // When
        page.close(1, cursor(1));

        // Then
        assertThat(ledger.halted()).hasValueSatisfying(why -> assertThat(why).contains("a step threw"));
        assertThat(written.pages).isEmpty();
    }

    @Test
    void shouldHaltWhenAnExceptionWasHandledWithoutDeadLetter() {
        // Given
        OpenPage page = open();
        record(page).ended(false, true);

        // When
        page.close(1, cursor(1));

        // Then
        assertThat(ledger.halted()).hasValueSatisfying(why -> assertThat(why).contains("without a dead letter"));
        assertThat(written.pages).isEmpty();
    }

    @Test
    void shouldPassWhenTheRecordThatThrewWasDeadLettered() {
        // Given
        OpenPage page = open();
        RecordOnPage record = record(page);
        record.deadLettered();
        record.ended(true, true);

        // When
        page.close(1, cursor(1));

        // Then
        assertThat(ledger.halted()).isEmpty();
        assertThat(written.pages)
                .containsExactly(new SettledPage(cursor(1), 1, List.of(), new SettledPage.Fates(0, 0, 1)));
        assertThat(ledger.tally().deadLetters()).isEqualTo(1);
    }

    @Test
    void shouldPassWhenARecordWasDeliveredByItselfAfterARetry() {
        // Given
        OpenPage page = open();
        RecordOnPage record = record(page);
        record.delivered();
        record.ended(false, true);

        // When
        page.close(1, cursor(1));

        // Then
        assertThat(ledger.halted()).isEmpty();
        assertThat(written.pages)
                .containsExactly(new SettledPage(cursor(1), 1, List.of(), new SettledPage.Fates(1, 0, 0)));
    }

    @Test
    void shouldHaltWhenARecordIsCollectedAfterItHasEnded() {
        // Given
        OpenPage page = open();
        RecordOnPage record = record(page);
        record.ended(false, false);

        // When
        record.collected(1);

        // Then
        assertThat(ledger.halted()).hasValueSatisfying(why -> assertThat(why).contains("another thread"));
    }

    @Test
    void shouldHaltWhenMoreIsReleasedThanWasHeld() {
        // Given
        OpenPage page = open();

        // When
        page.release(2);

        // Then
        assertThat(ledger.halted()).hasValueSatisfying(why -> assertThat(why).contains("more often"));
    }

    @Test
    void shouldKeepTheHoldOfABatchWhenThePageIsClosedTwice() {
        // Given
        OpenPage page = open();
        RecordOnPage record = record(page);
        record.collected(1);
        record.ended(false, false);
        page.close(1, cursor(1));

        // When
        page.close(1, cursor(1));

        // Then
        assertThat(written.pages).isEmpty();
        assertThat(ledger.window()).isEqualTo(1);
    }

    @Test
    void shouldBeTouchedWhenABatchWasSettledBeforeItsRecordWasSeenToEnd() {
        // Given
        OpenPage page = open();
        record(page).collected(1);

        // When
        page.release(1);

        // Then
        assertThat(page.isUntouched()).isFalse();
    }

    @Test
    void shouldHaltWhenAPageIsGivenUpWhileItsRecordsAreOnTheirWay() {
        // Given
        OpenPage page = open();
        record(page).collected(1);

        // When
        page.discard();

        // Then
        assertThat(ledger.halted()).isPresent();
        assertThat(ledger.window()).isEqualTo(5);
    }

    @Test
    void shouldPassTheNextPageWhenTheOneBeforeIsDiscarded() {
        // Given
        OpenPage first = open();
        OpenPage second = open();
        record(second).ended(false, false);
        second.close(1, cursor(1));

        // When
        first.discard();

        // Then
        assertThat(written.pages)
                .containsExactly(new SettledPage(cursor(1), 1, List.of(), new SettledPage.Fates(0, 1, 0)));
        assertThat(ledger.window()).isZero();
    }

    @Test
    void shouldKeepTheFirstReasonWhenHaltedAgain() {
        // When
        ledger.halt("first");
        ledger.halt("second");

        // Then
        assertThat(ledger.halted()).contains("first");
    }

    @Test
    void shouldHaltWithOneLineWhenFenced() {
        // Given
        written.next = new FencedException("owner 2 has taken it over");

        // When
        settlePage(1);

        // Then
        assertThat(ledger.halted()).contains("owner 2 has taken it over");
        assertThat(ledger.window()).isEqualTo(1);
    }

    @Test
    void shouldHaltAndNotThrowWhenTheSettlementFailsUnforeseen() {
        // Given
        written.next = new IllegalArgumentException("of this type");

        // When
        settlePage(1);

        // Then
        assertThat(ledger.halted()).hasValueSatisfying(why -> assertThat(why).contains("of this type"));
    }

    @Test
    void shouldWriteAllThatIsSettledInOneWriteWhenAWriteFailedBefore() {
        // Given
        SettlementException failure = new SettlementException("not now", new IllegalStateException());
        written.next = failure;
        settlePage(1);

        // When
        settlePage(2);

        // Then
        assertThat(written.writes).hasValue(1);
        assertThat(written.pages).extracting(SettledPage::last).containsExactly(cursor(1), cursor(2));
        assertThat(ledger.window()).isZero();
        assertThat(ledger.tally().takeSettlementFailure()).contains(failure);
        assertThat(ledger.tally().takeSettlementFailure()).isEmpty();
    }

    @Test
    void shouldWriteWithOneThreadAtATimeWhenSeveralSettle() throws Exception {
        // Given
        written.hold = new CountDownLatch(1);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> settlePage(1));
        assertThat(written.begun.await(10, TimeUnit.SECONDS)).isTrue();

        // When
        settlePage(2); // returns at once: the other thread will write it
        settlePage(3);
        int writesMeanwhile = written.writes.get();
        written.hold.countDown();
        writer.get(10, TimeUnit.SECONDS);

        // Then
        assertThat(writesMeanwhile).isZero();
        assertThat(written.writes).hasValue(2);
        assertThat(written.pages).hasSize(3);
        assertThat(written.mostAtOnce.get()).isEqualTo(1);
        assertThat(ledger.awaitSettled(Duration.ZERO)).isTrue();
    }

    @Test
    void shouldFlushOnceWhenTheSameFlusherIsRegisteredTwice() {
        // Given
        AtomicInteger flushes = new AtomicInteger();
        Runnable flusher = flushes::incrementAndGet;
        ledger.collecting().flushWith(flusher);
        ledger.collecting().flushWith(flusher);

        // When
        ledger.collecting().flush();

        // Then
        assertThat(flushes).hasValue(1);
    }

    @Test
    void shouldHaveNoRoomForAnotherPageWhenAShortOneIsFullByItsBytes() throws Exception {
        // Given
        OpenPage first = open();
        RecordOnPage record = record(first);
        record.collected(1);
        record.ended(false, false);
        first.close(1, cursor(1));
        boolean beside = ledger.awaitRoom(5, Duration.ZERO);

        // When
        first.wasFullByBytes();
        boolean besideAFullOne = ledger.awaitRoom(6, Duration.ZERO);

        // Then
        assertThat(beside).isTrue();
        assertThat(besideAFullOne).isFalse();
    }

    @Test
    void shouldHaveRoomWhenAPageIsPassed() throws Exception {
        // Given
        OpenPage first = open();
        open();
        boolean before = ledger.awaitRoom(5, Duration.ZERO);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> awaitRoom(LONG));

        // When
        record(first).ended(false, false);
        first.close(1, cursor(1));

        // Then
        assertThat(before).isFalse();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldEndTheWaitWhenWokenEvenBefore() {
        // Given
        open();
        open();
        ledger.wake();

        // When
        long begun = System.nanoTime();
        boolean room = awaitRoom(LONG);
        Duration waited = Duration.ofNanos(System.nanoTime() - begun);

        // Then
        assertThat(room).isFalse();
        assertThat(waited).isLessThan(LONG.dividedBy(2));
    }

    @Test
    void shouldEndTheWaitWhenHalted() throws Exception {
        // Given
        open();
        open();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> awaitRoom(LONG));
        Thread.sleep(100); // so that it most probably waits already; the other order must do as well

        // When
        ledger.halt("lost");

        // Then
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void shouldWaitAgainWhenTheWaitBeforeWasWoken() throws Exception {
        // Given
        OpenPage first = open();
        open();
        ledger.wake();
        boolean woken = ledger.awaitRoom(5, LONG);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> awaitRoom(LONG));
        Thread.sleep(100); // so that it most probably waits already; the other order must do as well

        // When
        settle(first, 1);

        // Then
        assertThat(woken).isFalse();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldEndTheRestBesideThePagesWhenThePipelineHalts() throws Exception {
        // Given
        Ledger beside = ledger.beside(1);
        boolean before = beside.pause(Duration.ZERO);
        CompletableFuture<Boolean> resting = CompletableFuture.supplyAsync(() -> rest(beside));

        // When
        ledger.halt("lost");

        // Then
        assertThat(before).isTrue();
        assertThat(resting.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(beside.isEnding()).isTrue();
        assertThat(beside.halted()).isEmpty();
    }

    private static boolean rest(Ledger ledger) {
        try {
            return ledger.pause(LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldRefuseWhenAPageCanNeverFit() {
        // When, Then
        assertThatThrownBy(() -> ledger.awaitRoom(11, Duration.ZERO)).hasMessageContaining("never fits");
    }

    private boolean awaitRoom(Duration patience) {
        try {
            return ledger.awaitRoom(5, patience);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldWriteAPageWithTheNextWhenOneWasJustWrittenAndAnotherIsOpen() {
        // Given
        written.pace = Duration.ofHours(1);
        settlePage(1);
        OpenPage second = open(1);
        OpenPage third = open(1);

        // When
        settle(second, 2);

        // Then
        assertThat(written.last()).isEqualTo(1);
        settle(third, 3);
        assertThat(written.last()).isEqualTo(3);
        assertThat(written.writes).hasValue(2);
    }

    @Test
    void shouldWriteAtOnceWhenTheReaderWaitsForTheRoom() throws InterruptedException {
        // Given
        written.pace = Duration.ofHours(1);
        settlePage(1);
        OpenPage second = open(5);
        OpenPage third = open(5);
        settle(second, 2);

        // When
        boolean room = ledger.awaitRoom(5, LONG);

        // Then
        assertThat(room).isTrue();
        assertThat(written.last()).isEqualTo(2);
        assertThat(third.settled).isFalse();
    }

    @Test
    void shouldWriteLaterWhenTheReaderWaitsAndMostOfTheWindowIsOnItsWay() throws InterruptedException {
        // Given
        written.pace = Duration.ofHours(1);
        settlePage(1);
        OpenPage second = open(1);
        OpenPage third = open(7);
        settle(second, 2);

        // When
        boolean room = ledger.awaitRoom(5, Duration.ofMillis(20));

        // Then
        assertThat(room).isFalse();
        assertThat(written.last()).isEqualTo(1);
        assertThat(third.settled).isFalse();
    }

    @Test
    void shouldGiveRoomWhenAPageIsSettledWhileTheReaderWaitsForIt() throws Exception {
        // Given
        written.pace = Duration.ofHours(1);
        settlePage(1);
        OpenPage second = open(5);
        OpenPage third = open(5);
        CompletableFuture<Boolean> room = CompletableFuture.supplyAsync(() -> awaitRoom(5));
        Thread.sleep(100); // so that it most probably waits already; the other order must do as well

        // When
        settle(second, 2);

        // Then
        assertThat(room.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(third.settled).isFalse();
    }

    private boolean awaitRoom(int rows) {
        try {
            return ledger.awaitRoom(rows, LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldWriteAtOnceWhenThePipelineStopsOrSomebodyAsks() {
        // Given
        written.pace = Duration.ofHours(1);
        settlePage(1);
        OpenPage second = open(1);
        OpenPage third = open(1);
        OpenPage fourth = open(1);
        settle(second, 2);

        // When
        ledger.writing().writeNow();

        // Then
        assertThat(written.last()).isEqualTo(2);
        ledger.ending().stopping(true);
        settle(third, 3);
        assertThat(written.last()).isEqualTo(3);
        assertThat(fourth.settled).isFalse();
    }

    @Test
    void shouldWriteWhatWasSettledMeanwhileWhenSomebodyAsksDuringAWrite() throws Exception {
        // Given
        written.pace = Duration.ofHours(1);
        written.hold = new CountDownLatch(1);
        OpenPage first = open(1);
        OpenPage second = open(1);
        OpenPage third = open(1);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> settle(first, 1));
        assertThat(written.begun.await(10, TimeUnit.SECONDS)).isTrue();
        settle(second, 2);

        // When
        ledger.writing().writeNow();
        written.hold.countDown();
        writer.get(10, TimeUnit.SECONDS);

        // Then
        assertThat(written.last()).isEqualTo(2);
        assertThat(third.settled).isFalse();
    }

    private OpenPage open(int rows) {
        return ledger.open(List.of("id"), rows);
    }

    private static void settle(OpenPage page, int last) {
        record(page).ended(false, false);
        page.close(1, cursor(last));
    }

    private void settlePage(int last) {
        settle(open(1), last);
    }

    private OpenPage open() {
        return ledger.open(List.of("id"), 5);
    }

    private static RecordOnPage record(OpenPage page) {
        return new RecordOnPage(page, List.of("row"));
    }

    private static Cursor cursor(int id) {
        return new Cursor(List.of("id"), List.of(id));
    }

    private static final class Written implements Settlement {

        private final List<SettledPage> pages = new ArrayList<>();
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile CountDownLatch hold = new CountDownLatch(0);
        private final AtomicInteger writes = new AtomicInteger();
        private @Nullable RuntimeException next;
        private Duration pace = Duration.ZERO;

        @Override
        public boolean inOrder() {
            return true;
        }

        int last() {
            return (int) pages.get(pages.size() - 1).last().values().get(0);
        }

        @Override
        public Duration pace() {
            return pace;
        }

        @Override
        public void settle(List<SettledPage> settled) {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            begun.countDown();
            try {
                // Bounded, so that a ledger which lets two threads write fails the test and does not hang it.
                hold.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            atOnce.decrementAndGet();
            if (next != null) {
                RuntimeException failure = next;
                next = null;
                throw failure;
            }
            pages.addAll(settled);
            writes.incrementAndGet();
        }
    }
}
