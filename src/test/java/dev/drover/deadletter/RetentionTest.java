package dev.drover.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {

    private final DeadLetters deadLetters = new DeadLetters();

    @ParameterizedTest
    @CsvSource({"0, PT0S", "90d, P90D", "12h, PT12H", " 30m , PT30M", "5s, PT5S", "P1DT2H, P1DT2H", "0d, PT0S"})
    void shouldReadTheAgeWhenItIsWrittenRight(String text, Duration age) {
        // When
        deadLetters.setRetention(text);

        // Then
        assertThat(deadLetters.kept()).isEqualTo(age);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "-1d", "P-1D", "1 day", "1d2h", "1w", "9999999999d"})
    void shouldRefuseTheAgeWhenItMayMeanSomethingElse(String text) {
        // Then
        assertThatThrownBy(() -> deadLetters.setRetention(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("drover.deadletters.retention: '" + text
                        + "' is not allowed; set 0 for ever, or an age such as 90d, 12h or P90D");
    }
}
