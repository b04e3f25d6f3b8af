package dev.drover.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final BatchFixture orders = new BatchFixture("orders");

    @Test
    void shouldLetTheFirstBatchOfALanePass() {
        assertThat(orders.batch("a", 1).turn()).isCompleted();
    }

    @Test
    void shouldLetABatchPassWhenTheOneBeforeItHasEnded() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2);
        Batch third = orders.batch("a", 3);
        assertThat(second.turn()).isNotDone();

        // When
        first.delivered(first.items(), "post");
        BatchFixture.end(first);

        // Then
        assertThat(second.turn()).isCompleted();
        assertThat(third.turn()).isNotDone();
    }

    @Test
    void shouldNotLetABatchPassWhenTheOneBeforeItIsSettledButHasNotEnded() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2);

        // When
        first.delivered(first.items(), "post");

        // Then
        assertThat(second.turn()).isNotDone();
    }

    @Test
    void shouldNotMakeOneLaneWaitForAnother() {
        // Given
        orders.batch("a", 1);

        // When
        Batch other = orders.batch("b", 2);

        // Then
        assertThat(other.turn()).isCompleted();
    }

    @Test
    void shouldCountTheTimeOfABatchOnlyWhileOneOfItsLaneIsTried() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2);
        first.attempts().enter();
        second.attempts().enter();
        assertThat(second.attempts().lasted()).as("both wait for a thread").isZero();

        // When
        first.attempts().start();
        await().until(() -> second.attempts().lasted().toNanos() > 0);
        first.delivered(first.items(), "post");
        BatchFixture.end(first);
        Duration waited = second.attempts().lasted();

        // Then
        assertThat(second.attempts().lasted()).as("it waits for a thread").isEqualTo(waited);
    }

    @Test
    void shouldGiveUpABatchWhenTheOneBeforeItWas() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2);

        // When
        BatchFixture.end(first);

        // Then
        assertThat(second.turn())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(GivenUpException.class);
    }

    @Test
    void shouldGiveUpEveryLaterBatchOfTheLaneWhenEachEndsUnsettled() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2);
        Batch third = orders.batch("a", 3);

        // When
        BatchFixture.end(first);
        BatchFixture.end(second);

        // Then
        assertThat(third.turn()).isCompletedExceptionally();
    }

    @Test
    void shouldLetAHalfWaitForTheBatchesBeforeIt() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2, 3);
        assertThat(second.halves()).allSatisfy(half -> assertThat(half.turn()).isNotDone());

        // When
        first.delivered(first.items(), "post");
        BatchFixture.end(first);

        // Then
        assertThat(second.halves()).allSatisfy(half -> assertThat(half.turn()).isCompleted());
    }

    @Test
    void shouldNotLetABatchPassWhenOnlyTheOneBeforeItHasEndedBeforeItsTurn() {
        // Given
        Batch first = orders.batch("a", 1);
        Batch second = orders.batch("a", 2);
        Batch third = orders.batch("a", 3);

        // When
        second.deadLettered();
        BatchFixture.end(second);

        // Then
        assertThat(third.turn()).isNotDone();
        assertThat(orders.batch("a", 4).turn()).as("the lane is not forgotten").isNotDone();

        // When
        first.delivered(first.items(), "post");
        BatchFixture.end(first);

        // Then
        assertThat(third.turn()).isCompleted();
    }
}
