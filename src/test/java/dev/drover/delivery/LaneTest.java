package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LaneTest {

    private final Lane lane = new Lane();

    @Property
    void shouldChooseAnExistingLaneForAnyKey(@ForAll String key, @ForAll @IntRange(min = 1) int lanes) {
        assertThat(lane.of(key, lanes)).isBetween(0, lanes - 1);
    }

    @Property
    void shouldChooseTheSameLaneWhenKeysAreEqualAsText(@ForAll long key, @ForAll @IntRange(min = 1) int lanes) {
        assertThat(lane.of(key, lanes)).isEqualTo(lane.of(Long.toString(key), lanes));
    }

    @Example
    void shouldShareALaneWhenRecordsHaveNoKey() {
        assertThat(lane.of(null, 8)).isZero();
    }

    @Example
    void shouldUseEveryLaneWhenThereAreManyKeys() {
        Set<Integer> used = IntStream.range(0, 200)
                .mapToObj(customer -> lane.of("customer " + customer, 8))
                .collect(Collectors.toSet());

        assertThat(used).hasSize(8);
    }

    @Property
    void shouldRefuseAnythingButLanes(@ForAll @IntRange(min = Integer.MIN_VALUE, max = 0) int lanes) {
        assertThatThrownBy(() -> lane.of("a", lanes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lanes: " + lanes + " is not allowed, it must be at least 1");
    }
}
