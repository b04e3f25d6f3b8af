package dev.drover.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.ledger.Close;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenBatchesTest {

    private final BatchFixture orders = new BatchFixture("orders");
    private final OpenBatches open = new OpenBatches();

    @Test
    void shouldNameTheBatchesThatAreOldEnough() {
        // Given
        open.begun("a", orders.batch("a", 1));
        open.begun("b", orders.batch("b", 2));

        // Then
        assertThat(open.olderThan(Duration.ZERO)).containsExactlyInAnyOrder("a", "b");
        assertThat(open.olderThan(Duration.ofHours(1))).isEmpty();
    }

    @Test
    void shouldSayThatItIsForItsAgeWhenABatchIsOldEnough() {
        // Given
        Batch old = orders.batch("a", 1);
        open.begun("a", old);

        // When
        Close before = old.closing();
        List<String> unused = open.olderThan(Duration.ZERO);

        // Then
        assertThat(before).isEqualTo(Close.REMAINDER);
        assertThat(old.closing()).isEqualTo(Close.AGE);
    }

    @Test
    void shouldForgetABatchWhenItIsClosed() {
        // Given
        Batch batch = orders.batch("a", 1);
        open.begun("a", batch);

        // When
        open.closed("a", batch);

        // Then
        assertThat(open.olderThan(Duration.ZERO)).isEmpty();
    }

    @Test
    void shouldKeepTheNextBatchWhenTheOneBeforeItIsClosedLate() {
        // Given
        Batch first = orders.batch("a", 1);
        open.begun("a", first);
        open.begun("a", orders.batch("a", 2));

        // When
        open.closed("a", first);

        // Then
        assertThat(open.olderThan(Duration.ZERO)).containsExactly("a");
    }
}
