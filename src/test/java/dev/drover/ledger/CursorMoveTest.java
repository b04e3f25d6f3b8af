package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorMoveTest {

    @Test
    void shouldSayWhatIsSentAgainWhenSetBack() {
        // When
        String move = CursorMove.describe(id(500), id(100));

        // Then
        assertThat(move).isEqualTo("it moves back from id=500: rows after id=100 up to id=500 are sent again");
    }

    @Test
    void shouldSayWhatIsSkippedWhenSetAhead() {
        // When
        List<String> moves =
                List.of(CursorMove.describe(id(9), id(new BigDecimal("10.5"))), CursorMove.describe(null, id(10)));

        // Then
        assertThat(moves)
                .containsExactly(
                        "it moves ahead from id=9: rows after id=9 up to id=10.5 are skipped, never sent",
                        "it begins after id=10: rows up to id=10 are skipped, never sent");
    }

    @Test
    void shouldCompareByTheNextColumnWhenTheFirstIsEqual() {
        // When
        String move = CursorMove.describe(pair("2024-05-01T00:00:00Z", 12), pair("2024-05-01T00:00:00Z", 13));

        // Then
        assertThat(move).startsWith("it moves ahead");
    }

    @Test
    void shouldSayBothWhenOnlyTheDatabaseKnowsTheOrder() {
        // When
        String move = CursorMove.describe(id("a"), id("B"));

        // Then
        assertThat(move).contains("if it is set back", "if it is set ahead");
    }

    @Test
    void shouldNameTheColumnWhenAValueIsOfAnotherKind() {
        // Then
        assertThat(CursorMove.mismatch(id("a"), id(1))).contains("key column id is a text, not a number");
        assertThat(CursorMove.mismatch(id(1), id(new BigDecimal("2")))).isEmpty();
        assertThat(CursorMove.mismatch(null, id(1))).isEmpty();
    }

    @Test
    void shouldTakeTheTextOfATimeForATimeWhenJavaHasNoneOfIt() {
        // Given
        LocalDateTime dated = LocalDateTime.of(2024, 5, 1, 0, 0);

        // Then
        assertThat(CursorMove.mismatch(id(dated), id("infinity"))).isEmpty();
        assertThat(CursorMove.mismatch(id("-infinity"), id(dated))).isEmpty();
        assertThat(CursorMove.mismatch(id(dated), id("0000-00-00 00:00:00"))).isEmpty();
        assertThat(CursorMove.mismatch(id("24:00:00"), id("-838:59:59.5"))).isEmpty();
        assertThat(CursorMove.mismatch(id("infinity"), id("plain"))).isEmpty();
        assertThat(CursorMove.mismatch(id(dated), id("plain"))).contains("key column id is a time, not a text");
        assertThat(CursorMove.describe(id(Double.NaN), id(new BigDecimal("2"))))
                .startsWith("it moves back from id=NaN");
    }

    @Test
    void shouldReadADecimalAsTheFloatingPointNumberThatItWas() {
        // Then
        assertThat(CursorMove.asRead(id(0.5f), id(new BigDecimal("0.1")))).isEqualTo(id(0.1f));
        assertThat(CursorMove.asRead(id(Double.NaN), id(new BigDecimal("0.1")))).isEqualTo(id(new BigDecimal("0.1")));
        assertThat(CursorMove.asRead(null, id(7L))).isEqualTo(id(7L));
    }

    private static Cursor id(Object value) {
        return new Cursor(List.of("id"), List.of(value));
    }

    private static Cursor pair(String time, int id) {
        return new Cursor(List.of("at", "id"), List.of(OffsetDateTime.parse(time), id));
    }
}
