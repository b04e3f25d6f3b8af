package dev.drover.credentials;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A text to be found in bytes of UTF-8 or ASCII, as it is or with any of its characters written as URLs, JSON and HTML
 * write them. Immutable.
 */
final class Needle {

    private static final Map<Integer, String> HTML =
            Map.of((int) '&', "&amp;", (int) '<', "&lt;", (int) '>', "&gt;", (int) '"', "&quot;", (int) '\'', "&apos;");
    private static final List<List<byte[]>> ASCII = ascii();

    private final byte[] plain;
    private final List<List<byte[]>> characters;
    private final boolean word;
    private final int longest;

    /** @param word whether it counts only where no letter and no digit stands beside it */
    Needle(String text, boolean word) {
        this.plain = bytes(text);
        this.characters = text.codePoints()
                .mapToObj(c -> c < ASCII.size() ? ASCII.get(c) : written(c))
                .toList();
        this.word = word;
        this.longest = characters.stream()
                .mapToInt(
                        ways -> ways.stream().mapToInt(way -> way.length).max().orElse(0))
                .sum();
    }

    /** The most bytes that it can have in its place. */
    int longest() {
        return longest;
    }

    /** Marks the bytes that it can begin with. */
    void markFirst(boolean[] first) {
        characters.get(0).forEach(way -> first[way[0] & 0xff] = true);
    }

    /** How many bytes it takes up at a place; 0 if it is not there. */
    int lengthAt(byte[] bytes, int from, int end) {
        int length = isPlainAt(bytes, from, end) ? plain.length : writtenLength(bytes, from, end);
        return length > 0 && word && !isAlone(bytes, from, from + length, end) ? 0 : length;
    }

    private boolean isPlainAt(byte[] bytes, int from, int end) {
        return end - from >= plain.length && Arrays.equals(plain, 0, plain.length, bytes, from, from + plain.length);
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

    private static boolean isAlone(byte[] bytes, int from, int to, int end) {
        return (from == 0 || !Character.isLetterOrDigit(bytes[from - 1]))
                && (to == end || !Character.isLetterOrDigit(bytes[to]));
    }

    /** An escape may be written in either case, a character by itself only as it is. */
    private static boolean isWrittenAt(byte[] way, byte[] bytes, int from, int end) {
        if (end - from < way.length) {
            return false;
        }
        boolean escape = way.length > 2;
        for (int i = 0; i < way.length; i++) {
            byte there = bytes[from + i];
            if (there != way[i] && !(escape && lower(there) == way[i])) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }

    private static List<List<byte[]>> ascii() {
        List<List<byte[]>> ascii = new ArrayList<>();
        for (int c = 0; c < 128; c++) {
            ascii.add(written(c));
        }
        return ascii;
    }

    /** The escapes of a character in lower case, and last itself. */
    private static List<byte[]> written(int c) {
        String text = Character.toString(c);
        List<byte[]> ways = new ArrayList<>();
        ways.add(bytes("%" + HexFormat.ofDelimiter("%").formatHex(bytes(text))));
        StringBuilder json = new StringBuilder();
        text.chars().forEach(unit -> json.append(String.format(Locale.ROOT, "\\u%04x", unit)));
        ways.add(bytes(json.toString()));
        ways.add(bytes("&#" + c + ";"));
        ways.add(bytes("&#x" + Integer.toHexString(c) + ";"));
        if (HTML.containsKey(c)) {
            ways.add(bytes(HTML.get(c)));
        }
        if (!Character.isLetterOrDigit(c)) {
            ways.add(bytes("\\" + text));
        }
        ways.add(bytes(text));
        return ways;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
