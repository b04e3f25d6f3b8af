package dev.drover.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoverTest {

    private static final String SECRET = "s3cr<t/+\"Ümlaut\\=%41";
    private static final Cover COVER = Cover.of(List.of(SECRET));

    static Stream<String> forms() {
        byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                SECRET,
                URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
                URLEncoder.encode(SECRET, StandardCharsets.UTF_8).replace("%3C", "%3c"),
                SECRET.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"),
                SECRET.replace("\\", "\\\\")
                        .replace("<", "\\u003c")
                        .replace("=", "\\u003D")
                        .replace("Ü", "\\u00dc"),
                SECRET.replace("<", "&lt;").replace("\"", "&quot;").replace("Ü", "&#220;"),
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes),
                Base64.getEncoder().encodeToString(bytes).replace("=", ""),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldCoverTheSecretAndNothingElseWhenItIsWrittenAnotherWay(String form) {
        assertThat(COVER.put("{\"echo\":\"" + form + "\"}"))
                .isEqualTo("{\"echo\":\"" + "*".repeat(form.getBytes(StandardCharsets.UTF_8).length) + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "Authorization: Bearer "})
    void shouldCoverTheSecretWhenItIsAPartOfMoreInBase64(String before) {
        // Given
        String whole =
                Base64.getEncoder().encodeToString((before + SECRET + " and more").getBytes(StandardCharsets.UTF_8));

        // When
        String covered = COVER.put(whole);

        // Then
        assertThat(covered).hasSameSizeAs(whole).contains("*".repeat(SECRET.length()));
    }

    @Test
    void shouldLeaveAnAnswerAsItIsWhenItHasNoSecret() {
        String text = "s3cr<t/+\"Ümlaut\\=%4 \u0000 {\"order\": 1} s3cr";

        assertThat(COVER.put(text)).isEqualTo(text);
    }

    @Test
    void shouldCoverAShortSecretWhenItStandsByItself() {
        Cover cover = Cover.of(List.of("abc"));

        assertThat(cover.put("abc abcd xabc (abc) abc")).isEqualTo("*** abcd xabc (***) ***");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8191, 8192, 100_000})
    void shouldCoverEachSecretWhenTheAnswerIsReadInParts(int part) throws IOException {
        // Given
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            text.append("x".repeat(i % 37)).append(i % 3 == 0 ? SECRET : SECRET.replace("<", "\\u003c"));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);

        // When
        String read;
        try (InputStream in = CoveredBody.stream(new Parts(bytes, part), COVER)) {
            read = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        // Then
        assertThat(read)
                .hasSize(bytes.length)
                .isEqualTo(COVER.put(text.toString()))
                .doesNotContain("s3cr");
    }

    @Test
    void shouldCoverAShortSecretOnlyByItselfWhenPartsMeet() throws IOException {
        // Given
        String text = " abcabc abc".repeat(3000);

        // When
        String read;
        InputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        try (InputStream in = CoveredBody.stream(bytes, Cover.of(List.of("abc")))) {
            read = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        // Then
        assertThat(read).isEqualTo(" abcabc ***".repeat(3000));
    }

    /** Gives at most so many bytes at once. */
    private static final class Parts extends ByteArrayInputStream {

        private final int part;

        Parts(byte[] bytes, int part) {
            super(bytes);
            this.part = part;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(part, length));
        }
    }
}
