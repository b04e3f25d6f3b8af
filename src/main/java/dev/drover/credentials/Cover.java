package dev.drover.credentials;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Replaces secrets in an answer by asterisks, as many as the secret takes up, so that no length of the answer changes. It
 * finds secrets as they are, with characters escaped as in URLs, JSON and HTML, in hex, and in base64, also inside a
 * longer base64 text. A secret of fewer than eight characters is covered only as a whole word, and not in hex or base64.
 * Immutable.
 */
final class Cover {

    private static final int LONG_ENOUGH = 8;
    private static final byte ASTERISK = '*';
    private static final Map<Integer, String> HTML =
            Map.of((int) '&', "&amp;", (int) '<', "&lt;", (int) '>', "&gt;", (int) '"', "&quot;", (int) '\'', "&apos;");

    /** How ASCII characters may be written, computed once because each attempt has a cover of its own. */
    private static final List<List<byte[]>> ASCII =
            IntStream.range(0, 128).mapToObj(Cover::written).toList();

    private final List<Needle> needles;
    private final boolean[] first = new boolean[256];

    private Cover(List<Needle> needles) {
        this.needles = needles;
        needles.forEach(needle -> needle.characters().get(0).forEach(way -> first[way[0] & 0xff] = true));
    }

    static Cover of(Collection<String> secrets) {
        return new Cover(secrets.stream().distinct().flatMap(Cover::needles).toList());
    }

    private static Stream<Needle> needles(String secret) {
        if (secret.length() < LONG_ENOUGH) {
            return Stream.of(Needle.of(secret, true));
        }
        byte[] bytes = bytes(secret);
        List<String> forms = new ArrayList<>(List.of(
                secret,
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes)));
        for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            forms.add(encoder.withoutPadding().encodeToString(bytes));
            for (int before = 0; before < 3; before++) {
                forms.add(inside(encoder, bytes, before));
            }
        }
        return forms.stream()
                .distinct()
                .filter(form -> form.length() >= LONG_ENOUGH)
                .map(form -> Needle.of(form, false));
    }

    /** The base64 characters that depend on the secret alone when this many bytes precede it. */
    private static String inside(Base64.Encoder encoder, byte[] secret, int before) {
        byte[] all = new byte[before + secret.length];
        System.arraycopy(secret, 0, all, before, secret.length);
        return encoder.encodeToString(all).substring((before * 8 + 5) / 6, all.length * 8 / 6);
    }

    /** Whether an exception, or one of its causes, shows a secret. */
    boolean isNeededBy(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(String::valueOf)
                .anyMatch(text -> !put(text).equals(text));
    }

    String put(String text) {
        byte[] bytes = bytes(text);
        put(bytes, 0, bytes.length, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Covers the secrets that begin in a range.
     *
     * @param limit the end of the range
     * @param end the end of the known bytes
     * @return the limit, or the end of a secret that reaches beyond it
     */
    int put(byte[] bytes, int from, int limit, int end) {
        int at = from;
        while (at < limit) {
            int length = 0;
            if (first[bytes[at] & 0xff]) {
                for (Needle needle : needles) {
                    length = Math.max(length, needle.lengthAt(bytes, at, end));
                }
            }
            Arrays.fill(bytes, at, at + length, ASTERISK);
            at += Math.max(length, 1);
        }
        return at;
    }

    /** How many bytes after the first one of a secret must be known to find it. */
    int reach() {
        return needles.stream().mapToInt(Needle::longest).max().orElse(0) + 1;
    }

    /** The ways to write a character: escapes in lower case, and last the character itself. */
    private static List<byte[]> written(int c) {
        String text = Character.toString(c);
        StringBuilder json = new StringBuilder();
        text.chars().forEach(unit -> json.append(String.format(Locale.ROOT, "\\u%04x", unit)));
        List<String> ways = new ArrayList<>(List.of(
                "%" + HexFormat.ofDelimiter("%").formatHex(bytes(text)),
                json.toString(),
                "&#" + c + ";",
                "&#x" + Integer.toHexString(c) + ";"));
        if (HTML.containsKey(c)) {
            ways.add(HTML.get(c));
        }
        if (!Character.isLetterOrDigit(c)) {
            ways.add("\\" + text);
        }
        ways.add(text);
        return ways.stream().map(Cover::bytes).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A text to be found in bytes, each of its characters in any way to write it.
     *
     * @param plain the text as it is
     * @param characters the ways to write each character
     * @param word whether it counts only as a whole word
     * @param longest the largest number of bytes that it can take up
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Needle(byte[] plain, List<List<byte[]>> characters, boolean word, int longest) {

        static Needle of(String text, boolean word) {
            List<List<byte[]>> characters = text.codePoints()
                    .mapToObj(c -> c < ASCII.size() ? ASCII.get(c) : written(c))
                    .toList();
            int longest = characters.stream()
                    .mapToInt(ways ->
                            ways.stream().mapToInt(way -> way.length).max().orElse(0))
                    .sum();
            return new Needle(bytes(text), characters, word, longest);
        }

        /** The number of bytes that it takes up at a place; 0 if it is not there. */
        int lengthAt(byte[] bytes, int from, int end) {
            // first as a whole, because the text itself may look like an escape
            boolean isPlain = end - from >= plain.length
                    && Arrays.equals(plain, 0, plain.length, bytes, from, from + plain.length);
            int length = isPlain ? plain.length : writtenLength(bytes, from, end);
            return length > 0 && word && !isWord(bytes, from, from + length, end) ? 0 : length;
        }

        private int writtenLength(byte[] bytes, int from, int end) {
            int at = from;
            for (List<byte[]> ways : characters) {
                int length = 0;
                for (byte[] way : ways) {
                    if (length == 0 && isWrittenAt(way, bytes, at, end)) {
                        length = way.length;
                    }
                }
                if (length == 0) {
                    return 0;
                }
                at += length;
            }
            return at - from;
        }

        private static boolean isWord(byte[] bytes, int from, int to, int end) {
            return (from == 0 || !Character.isLetterOrDigit(bytes[from - 1]))
                    && (to == end || !Character.isLetterOrDigit(bytes[to]));
        }

        /** Compares escapes without regard to case, and a character itself exactly. */
        private static boolean isWrittenAt(byte[] way, byte[] bytes, int from, int end) {
            if (end - from < way.length) {
                return false;
            }
            boolean escape = way.length > 2;
            for (int i = 0; i < way.length; i++) {
                byte there = bytes[from + i];
                boolean upper = escape && there >= 'A' && there <= 'Z';
                if ((upper ? there + 32 : there) != way[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
