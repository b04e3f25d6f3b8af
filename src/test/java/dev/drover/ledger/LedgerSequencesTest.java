package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One ledger over several sequences, as the partitions of a topic are: each is settled in its own order. */
class LedgerSequencesTest {

    private static final List<String> KEY = List.of("partition", "offset");

    private final List<SettledPage> written = new ArrayList<>();
    private final Ledger ledger = new Ledger("orders", new ByReader(written), 100);

    @Test
    void shouldSettleOneSequenceWhenAnotherHoldsItsOwnBack() {
        // Given
        OpenPage held = ledger.open("a", KEY, 1);
        hold(held).ended(false, false);
        held.close(1, at(0, 7));
        OpenPage free = ledger.open("b", KEY, 1);
        record(free).ended(false, false);
        free.close(1, at(1, 3));

        // When
        ledger.writing().write();

        // Then
        assertThat(written).extracting(SettledPage::last).containsExactly(at(1, 3));
        assertThat(ledger.window("a")).isEqualTo(1);
        assertThat(ledger.window("b")).isZero();
        assertThat(ledger.window()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheOrderOfASequenceWhenALaterPageIsSettledFirst() {
        // Given
        OpenPage first = ledger.open("a", KEY, 1);
        RecordOnPage record = hold(first);
        record.ended(false, false);
        first.close(1, at(0, 7));
        OpenPage second = ledger.open("a", KEY, 1);
        record(second).ended(false, false);
        second.close(1, at(0, 8));

        // When
        ledger.writing().write();
        List<SettledPage> before = List.copyOf(written);
        record.settleItems(1, Fate.DELIVERED);
        ledger.writing().write();

        // Then
        assertThat(before).isEmpty();
        assertThat(written).extracting(SettledPage::last).containsExactly(at(0, 7), at(0, 8));
    }

    @Test
    void shouldWriteNothingWhenOnlyTheReaderMayAndItHasNotAsked() {
        // Given
        OpenPage page = ledger.open("a", KEY, 1);
        record(page).ended(false, false);

        // When
        page.close(1, at(0, 7));

        // Then
        assertThat(written).isEmpty();
        ledger.writing().write();
        assertThat(written).hasSize(1);
    }

    @Test
    void shouldSettleNothingAndGiveTheRoomBackWhenASequenceIsAbandoned() {
        // Given
        OpenPage page = ledger.open("a", KEY, 5);
        RecordOnPage record = hold(page);
        record.ended(false, false);

        // When
        ledger.abandon("a");
        page.close(1, at(0, 7));
        record.settleItems(1, Fate.DELIVERED);
        ledger.writing().write();

        // Then
        assertThat(page.isAbandoned()).isTrue();
        assertThat(written).isEmpty();
        assertThat(ledger.window()).isZero();
        assertThat(ledger.tally().abandoned()).isEqualTo(5);
        assertThat(ledger.halted()).isEmpty();
    }

    @Test
    void shouldSettleWhatIsReadAgainWhenItsSequenceWasAbandonedBefore() {
        // Given
        OpenPage old = ledger.open("a", KEY, 1);
        RecordOnPage late = hold(old);
        late.ended(false, false);
        old.close(1, at(0, 7));
        ledger.abandon("a");
        OpenPage again = ledger.open("a", KEY, 1);
        RecordOnPage record = hold(again);
        record.ended(false, false);
        again.close(1, at(0, 7));

        // When
        late.settleItems(1, Fate.DELIVERED);
        ledger.writing().write();
        List<SettledPage> before = List.copyOf(written);
        record.settleItems(1, Fate.DELIVERED);
        ledger.writing().write();

        // Then
        assertThat(before).isEmpty();
        assertThat(written).extracting(SettledPage::last).containsExactly(at(0, 7));
    }

    private static RecordOnPage hold(OpenPage page) {
        RecordOnPage record = record(page);
        record.collected(1);
        return record;
    }

    private static RecordOnPage record(OpenPage page) {
        return new RecordOnPage(page, List.of("row"));
    }

    private static Cursor at(int partition, int offset) {
        return new Cursor(KEY, List.of(partition, offset));
    }

    private record ByReader(List<SettledPage> written) implements Settlement {

        @Override
        public boolean inOrder() {
            return true;
        }

        @Override
        public boolean isByReader() {
            return true;
        }

        @Override
        public void settle(List<SettledPage> pages) {
            written.addAll(pages);
        }
    }
}
