package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the ledger says holds the checkpoint. */
class HolderTest {

    private static final List<String> ID = List.of("id");
    private static final Cursor THIRD = new Cursor(ID, List.of(3L));

    private final Ledger ledger = new Ledger("orders", new Nowhere(), 100);

    @Test
    void shouldNameNothingWhenNothingIsInFlight() {
        // Then
        assertThat(ledger.holder()).isEmpty();
    }

    @Test
    void shouldNameTheBatchOfTheOldestPageWhenALaterOneHoldsTooAndTried() {
        // Given
        OpenPage oldest = ledger.open(ID, 10);
        OpenPage later = ledger.open(ID, 10);
        ledger.deliveries().begin(new Sent("b", later, 11, new FailedAttempt("b", 9, "status 500")));
        ledger.deliveries().begin(new Sent("a", oldest, 3, new FailedAttempt("half", 2, "status 503")));

        // When
        Optional<Holder> holder = ledger.holder();

        // Then
        assertThat(holder).contains(new Holder("id=3", "half", 2, "status 503"));
    }

    @Test
    void shouldNameTheFirstBatchAndItsWaitWhenSeveralHoldTheOldestPage() {
        // Given
        OpenPage oldest = ledger.open(ID, 10);
        for (int place = 9; place > 0; place--) {
            ledger.deliveries().begin(new Sent("batch " + place, oldest, place, null));
        }

        // When
        Optional<Holder> holder = ledger.holder();

        // Then
        assertThat(holder).contains(new Holder("id=3", "batch 1", 0, "the batch waits for its turn"));
    }

    @Test
    void shouldSayThatAPageIsCollectedWhenNoBatchHoldsTheOldest() {
        // Given
        OpenPage oldest = ledger.open(ID, 10);
        Sent ended = new Sent("a", oldest, 3, null);
        ledger.deliveries().begin(ended);
        ledger.deliveries().end(ended);

        // When
        Optional<Holder> holder = ledger.holder();

        // Then
        assertThat(holder).contains(new Holder(null, null, 0, "a page is read and collected"));
    }

    @Test
    void shouldSayThatTheCheckpointIsNotWrittenWhenTheStoreIsAway() {
        // Given
        ledger.open(ID, 1).discard();
        OpenPage page = ledger.open(ID, 1);
        page.end(1);
        page.close(1, THIRD);

        // When
        Optional<Holder> holder = ledger.holder();

        // Then
        assertThat(holder).map(Holder::reason).contains("the checkpoint is not written yet: the store is away");
    }

    private record Sent(String getId, OpenPage page, long firstUnsettledPlace, @Nullable FailedAttempt failed)
            implements Delivery {

        @Override
        public Optional<Cursor> holds(OpenPage asked) {
            return asked == page ? Optional.of(THIRD) : Optional.empty();
        }

        @Override
        public Optional<FailedAttempt> lastFailure() {
            return Optional.ofNullable(failed);
        }

        @Override
        public Optional<String> waitsFor() {
            return Optional.of("its turn");
        }
    }

    private static final class Nowhere implements Settlement {

        @Override
        public boolean inOrder() {
            return true;
        }

        @Override
        public void settle(List<SettledPage> pages) {
            throw new SettlementException("the store is away", new IllegalStateException());
        }
    }
}
