package dev.drover.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BatchTest {

    private final BatchFixture orders = new BatchFixture("orders");

    @Property
    void shouldHaveTheSameIdWhenItHasTheSameRecords(@ForAll("ids") int[] ids) {
        assertThat(orders.batch("a", ids).getId())
                .isEqualTo(orders.batch("b", ids).getId())
                .matches("[0-9a-f]{32}");
    }

    @Property
    void shouldHaveAnotherIdWhenItHasOtherRecords(@ForAll("ids") int[] ids, @ForAll("ids") int[] others) {
        boolean same = Arrays.equals(ids, others);

        assertThat(orders.batch("a", ids)
                        .getId()
                        .equals(orders.batch("a", others).getId()))
                .isEqualTo(same);
    }

    @Example
    void shouldHaveAnotherIdInAnotherPipeline() {
        assertThat(orders.batch("a", 1, 2).getId())
                .isNotEqualTo(new BatchFixture("users").batch("a", 1, 2).getId());
    }

    @Example
    void shouldNotMixUpKeysThatLookAlikeTogether() {
        assertThat(orders.batch("a", 1, 23).getId())
                .isNotEqualTo(orders.batch("a", 12, 3).getId());
    }

    @Property
    void shouldPassItsPageOnceEveryRecordOfTheHalvesIsSettled(@ForAll("several") int[] ids) {
        BatchFixture pipeline = new BatchFixture("orders");
        Batch batch = pipeline.batch("a", ids);
        List<Batch> left = new ArrayList<>(List.of(batch));

        while (!left.isEmpty()) {
            assertThat(pipeline.passed()).isEmpty();
            Batch part = left.remove(left.size() - 1);
            if (part.getSize() > 1) {
                left.addAll(part.halves());
            } else if (part.getSize() % 2 == 0) {
                part.delivered(part.items(), "post");
            } else {
                part.deadLettered();
            }
        }

        assertThat(batch.unsettled()).isZero();
        assertThat(pipeline.passed()).hasSize(1);
        assertThat(pipeline.ledger().halted()).isEmpty();
    }

    @Property
    void shouldCutIntoHalvesThatAreTheBatchInOrder(@ForAll("several") int[] ids) {
        Batch batch = orders.batch("a", ids);

        List<Batch> halves = batch.halves();

        List<BatchItem> items = new ArrayList<>(halves.get(0).items());
        items.addAll(halves.get(1).items());
        assertThat(items).isEqualTo(batch.items());
        assertThat(Math.abs(halves.get(0).getSize() - halves.get(1).getSize())).isLessThanOrEqualTo(1);
        assertThat(Set.of(batch.getId(), halves.get(0).getId(), halves.get(1).getId()))
                .hasSize(3);
    }

    @Example
    void shouldReleaseARecordOnceWhenItIsSettledTwice() {
        Batch batch = orders.batch("a", 1, 2, 3);

        batch.halves().get(0).delivered(batch.halves().get(0).items(), "post");
        batch.delivered(batch.items(), "post");
        batch.delivered(batch.items(), "post");
        batch.deadLettered();

        assertThat(orders.passed()).hasSize(1);
        assertThat(orders.ledger().halted()).isEmpty();
        assertThat(orders.ledger().tally().delivered()).isEqualTo(3);
        assertThat(orders.ledger().tally().deadLetters()).isZero();
    }

    @Example
    void shouldShowItsBodiesAsTheStepsLeftThem() {
        assertThat(orders.batch("a", 1, 2).bodies()).isEqualTo(List.of(Map.of("body", 1), Map.of("body", 2)));
    }

    @Example
    void shouldHaltThePipelineWhenItsExchangeEndsUnsettled() {
        Batch batch = orders.batch("a", 1, 2, 3);
        batch.halves().get(0).delivered(batch.halves().get(0).items(), "post");

        BatchFixture.end(batch);

        assertThat(orders.ledger().halted())
                .hasValueSatisfying(why -> assertThat(why).startsWith("2 of 3 records"));
        assertThat(orders.passed()).isEmpty();
    }

    @Example
    void shouldNotHaltThePipelineWhenAStopEndsItsExchange() {
        Batch batch = orders.batch("a", 1);
        orders.ledger().ending().stopping(true);

        BatchFixture.end(batch);

        assertThat(orders.ledger().halted()).isEmpty();
        assertThat(orders.passed()).isEmpty();
    }

    @Provide
    Arbitrary<int[]> ids() {
        return keys(1);
    }

    @Provide
    Arbitrary<int[]> several() {
        return keys(2);
    }

    private static Arbitrary<int[]> keys(int least) {
        return Arbitraries.integers()
                .between(1, 1000)
                .set()
                .ofMinSize(least)
                .ofMaxSize(40)
                .map(keys -> keys.stream().mapToInt(Integer::intValue).sorted().toArray());
    }
}
