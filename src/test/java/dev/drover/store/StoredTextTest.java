package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredTextTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "plain, plain",
        "a\u0000b, a\uFFFDb",
        "\uD83D, \uFFFD",
        "x\uDE00\uD83D, x\uFFFD\uFFFD",
        "\uD83D\uDE00, \uD83D\uDE00"
    })
    void shouldReplaceWhatNoDatabaseTakesWhenATextHasIt(String text, String held) {
        assertThat(StoredText.of(text)).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource({"abcd, 4, abcd", "abcde, 4, abc\u2026", "ab\uD83D\uDE00de, 4, ab\uFFFD\u2026"})
    void shouldShowThatItIsCutWhenATextIsTooLong(String text, int longest, String held) {
        assertThat(StoredText.of(text, longest)).isEqualTo(held);
    }
}
