package dev.drover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

    /** The clocks of Berlin go forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    * * * * *                               | 2026-01-02T10:17:30Z |
                    * 22-23,0-5 * * * Europe/Berlin         | 2026-01-02T20:59:59Z | 2026-01-02T22:00+01:00
                    * 22-23,0-5 * * * Europe/Berlin         | 2026-01-02T21:00:00Z |
                    * 22-23,0-5 * * * Europe/Berlin         | 2026-01-03T04:59:59.999Z |
                    * 22-23,0-5 * * * Europe/Berlin         | 2026-01-03T05:00:00Z | 2026-01-03T22:00+01:00
                    * 22-23,0-5 * * *                       | 2026-01-02T21:00:00Z | 2026-01-02T22:00Z
                    * 8-17 * * MON-FRI Europe/Berlin        | 2026-01-02T17:00:00Z | 2026-01-05T08:00+01:00
                    0,30 * * * *                            | 2026-01-02T10:30:59Z |
                    0,30 * * * *                            | 2026-01-02T10:31:00Z | 2026-01-02T11:00Z
                    * 2 * * * Europe/Berlin                 | 2026-03-29T01:30:00Z | 2026-03-30T02:00+02:00
                    * 2 * * * Europe/Berlin                 | 2026-10-25T00:30:00Z |
                    * 2 * * * Europe/Berlin                 | 2026-10-25T01:30:00Z |
                    * * 1 1 *  Asia/Kolkata                 | 2026-12-31T18:29:00Z | 2027-01-01T00:00+05:30
                    """)
    void shouldRestUntilTheNextMinuteOfTheSchedule(String text, Instant now, String until) {
        // When
        var rests = Schedule.parse(text).restsUntil(now);

        // Then
        assertThat(rests.map(next -> next.toOffsetDateTime().toString()).orElse(null))
                .isEqualTo(until);
    }

    @Test
    void shouldAlwaysReadWhenThereIsNoSchedule() {
        assertThat(Schedule.parse(null).restsUntil(Instant.now())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    * 22                            | it must have five fields and may have a time zone
                    0 * * * * * Europe/Berlin       | it must have five fields and may have a time zone
                    * 25 * * *                      | 25
                    * * * * * Europe/Berlim         | Unknown time-zone ID: Europe/Berlim
                    * * 30 2 *                      | no such minute ever comes
                    """)
    void shouldSayWhatIsWrongWithASchedule(String text, String why) {
        assertThatThrownBy(() -> Schedule.parse(text))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("'" + text + "' is not allowed; write the minutes in which it reads as cron does")
                .hasMessageContaining(why);
    }
}
