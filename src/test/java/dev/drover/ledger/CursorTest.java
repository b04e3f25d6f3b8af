package dev.drover.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CursorTest {

    @Test
    void shouldBeTheSameKeyWhenItsBytesAre() {
        Cursor one = new Cursor(List.of("tenant", "id"), List.of("a", new byte[] {1, (byte) 0xfe}));
        Cursor same = new Cursor(List.of("tenant", "id"), List.of("a", new byte[] {1, (byte) 0xfe}));
        Cursor other = new Cursor(List.of("tenant", "id"), List.of("a", new byte[] {1, (byte) 0xff}));

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(one.texts()).containsExactly("a", "01fe");
        assertThat(one).hasToString("tenant=a, id=x'01fe'");
    }
}
