package dev.drover.ledger;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Whatever happens in whatever order: nothing is lost, and no more than a window is sent again. */
class LedgerModelTest {

    private static final int ROWS = 61; // a prime, so that the last page is short

    public enum Step {
        READ,
        CLOSE_BATCH,
        SETTLE_BATCH,
        FAIL_WRITES,
        RETRY_WRITES,
        LOSE_ONE,
        CRASH
    }

    @Property(tries = 1000)
    void shouldLoseNothingWhenStepsComeInAnyOrder(
            @ForAll boolean inOrder,
            @ForAll @IntRange(min = 1, max = 6) int pageSize,
            @ForAll long seed,
            @ForAll("steps") List<Step> steps)
            throws InterruptedException {
        // Given
        LedgerModel model = new LedgerModel(inOrder, ROWS, pageSize, seed);

        // When
        for (Step step : steps) {
            take(model, step);
            model.check(); // Then, after each step
        }

        // Then
        model.finish();
    }

    private static void take(LedgerModel model, Step step) throws InterruptedException {
        switch (step) {
            case READ -> model.read();
            case CLOSE_BATCH -> model.closeBatch();
            case SETTLE_BATCH -> model.settleBatch();
            case FAIL_WRITES -> model.failWrites();
            case RETRY_WRITES -> model.retryWrites();
            case LOSE_ONE -> model.loseOne();
            case CRASH -> model.crash();
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Arbitraries.frequency(
                        Tuple.of(40, Step.READ),
                        Tuple.of(15, Step.CLOSE_BATCH),
                        Tuple.of(25, Step.SETTLE_BATCH),
                        Tuple.of(6, Step.FAIL_WRITES),
                        Tuple.of(6, Step.RETRY_WRITES),
                        Tuple.of(1, Step.LOSE_ONE),
                        Tuple.of(1, Step.CRASH))
                .list()
                .ofMaxSize(150);
    }
}
