package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The oracle sees what it is there to see. */
class ArrivalsTest {

    private final Arrivals arrivals = new Arrivals();

    @Test
    void shouldFindNothingWhenASuffixIsRepeatedInOrder() {
        // When
        arrive(1, 3, 5, 3, 5, 7);

        // Then
        assertThat(arrivals.distinct()).isEqualTo(4);
        assertThat(arrivals.duplicates()).isEqualTo(2);
        assertThat(arrivals.overtaken()).isZero();
        assertThat(arrivals.stepsBack()).isEqualTo(1);
    }

    @Test
    void shouldFindTheRecordWhenALaterOneOvertookIt() {
        // When
        arrive(1, 5, 3, 7);

        // Then
        assertThat(arrivals.overtaken()).isEqualTo(1);
    }

    @Test
    void shouldFindTheSecondSenderWhenTwoSendTheSame() {
        // When
        arrive(1, 1, 3, 5, 3, 5, 7, 7, 5, 9);

        // Then
        assertThat(arrivals.overtaken()).isZero();
        assertThat(arrivals.stepsBack()).isEqualTo(2);
    }

    @Test
    void shouldKeepCustomersApartWhenTheirRecordsMix() {
        // When
        arrivals.arrived(2, "even");
        arrive(1, 3);
        arrivals.arrived(4, "even");

        // Then
        assertThat(arrivals.overtaken()).isZero();
        assertThat(arrivals.stepsBack()).isZero();
    }

    private void arrive(int... ids) {
        for (int id : ids) {
            arrivals.arrived(id, "odd");
        }
    }
}
