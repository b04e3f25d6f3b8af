package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.ledger.Cursor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReceiptKeysTest {

    private static final List<Object> EDGES = List.of(
            0L,
            1L,
            -1L,
            252L,
            253L,
            254L,
            255L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            "",
            "a",
            "ab",
            "ÿ",
            "123E4567-E89B-12D3-A456-426614174000",
            "123e4567-e89b-12d3-a456-426614174000",
            "12345678-no UUID, but as long as one",
            "00000000-0000-0000-0000-00000000000g",
            "\uD83D\uDE00",
            "\uD83D\uDE01",
            "long ".repeat(200));

    @Test
    void shouldGiveEachKeyBackWhenKeysAreOfAnyTypeAndOrder() {
        // Given
        Random random = new Random(20);
        List<List<Object>> keys = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            keys.add(List.of(any(random), any(random)));
        }
        ReceiptKeys kept = new ReceiptKeys();

        // When
        keys.forEach(kept::add);

        // Then
        assertThat(PackedKeys.read(kept.packed().compressed(), 2)).isEqualTo(keys);
    }

    private static Object any(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> EDGES.get(random.nextInt(EDGES.size()));
            case 1 -> random.nextLong();
            case 2 -> (long) random.nextInt(300);
            default -> new UUID(random.nextLong(), random.nextLong()).toString();
        };
    }

    @Test
    void shouldHaveTheSameDigestInAnyOrderAndAnotherOneWhenAKeyIsMissingTwiceThereOrAnother() {
        // Given
        List<List<Object>> keys = new ArrayList<>();
        for (long id = 1; id <= 1_000; id++) {
            keys.add(List.of(id, "name " + id % 7));
        }
        String digest = digest(keys);
        List<List<Object>> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(20));

        // When, Then
        assertThat(digest(shuffled)).isEqualTo(digest);
        assertThat(digest(keys.subList(1, 1_000))).isNotEqualTo(digest);
        shuffled.set(3, shuffled.get(4));
        assertThat(digest(shuffled)).isNotEqualTo(digest);
        shuffled.set(3, List.of(1L, "name 2"));
        assertThat(digest(shuffled)).isNotEqualTo(digest);
    }

    private static String digest(List<List<Object>> keys) {
        ReceiptKeys digested = new ReceiptKeys();
        keys.forEach(digested::add);
        return digested.digest();
    }

    @Test
    void shouldTakeNumbersAndTimesAsEqualWhenDriversGiveThemOtherTypes() {
        // Given, When, Then
        assertThat(List.of(7L, 7, (short) 7, new BigDecimal("7.00"), BigInteger.valueOf(7)))
                .allSatisfy(value -> assertThat(plain(value)).isEqualTo(7L));
        assertThat(plain(new BigDecimal("-1.50"))).isEqualTo(plain(new BigDecimal("-1.5")));
        assertThat(plain(true)).isEqualTo(1L);
        assertThat(plain(OffsetDateTime.parse("2026-03-29T02:30:00+02:00")))
                .isEqualTo(plain(OffsetDateTime.parse("2026-03-29T00:30:00Z")));
        assertThat(plain(new byte[] {1, -1})).isEqualTo("01ff");
        assertThat(plain(new BigDecimal("123456789012345678901"))).isEqualTo("123456789012345678901");
    }

    private static Object plain(Object value) {
        return ReceiptKeys.plain(new Cursor(List.of("id"), List.of(value))).get(0);
    }

    @Test
    void shouldTakeOneByteForAKeyWhenKeysAreDenseAndFarLessWhenTheyAreCompressed() {
        // Given
        ReceiptKeys keys = new ReceiptKeys();

        // When
        for (long id = 1_000_000; id < 1_010_000; id++) {
            keys.add(List.of(id));
        }

        // Then
        assertThat(keys.packed().length()).isLessThan(10_010);
        assertThat(keys.packed().compressed()).hasSizeLessThan(200);
    }

    @Test
    void shouldKeepTheDigestOnlyWhenKeysAreTooLongToBeKept() {
        // Given
        ReceiptKeys keys = new ReceiptKeys();
        Random random = new Random(20);

        // When
        for (int i = 0; i < 1_100; i++) {
            keys.add(List.of(random.ints(1_000, 'a', 'z')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString()));
        }

        // Then
        assertThat(keys.packed().compressed()).isNull();
        assertThat(keys.digest()).matches("[0-9a-f]{32}");
    }

    @Test
    void shouldSayThatItIsCorruptWhenBytesAreNoKeys() {
        // When, Then
        assertThatThrownBy(() -> PackedKeys.read(new byte[] {1, 2, 3}, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the keys of a receipt are corrupt");
    }
}
