package dev.drover.store;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts storable in every store. PostgreSQL refuses NUL characters, and every database refuses half of a surrogate
 * pair. U+FFFD replaces each of them.
 */
public final class StoredText {

    private static final char REPLACEMENT = '\uFFFD';
    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7F]");
    private static final String CUT = "…";

    private StoredText() {}

    /** The storable text. */
    public static String of(String text) {
        StringBuilder held = null;
        for (int i = 0; i < text.length(); i++) {
            if (isPair(text, i)) {
                i++;
            } else if (text.charAt(i) == 0 || Character.isSurrogate(text.charAt(i))) {
                held = held == null ? new StringBuilder(text) : held;
                held.setCharAt(i, REPLACEMENT);
            }
        }
        return held == null ? text : held.toString();
    }

    /** The storable text, cut to this length. A text that was cut ends with an ellipsis. */
    public static @Nullable String of(@Nullable String text, int longest) {
        if (text == null || text.length() <= longest) {
            return text == null ? null : of(text);
        }
        return of(text.substring(0, longest - CUT.length())) + CUT;
    }

    /** The text for a store that is limited to ASCII. A question mark replaces every other character. */
    public static String ascii(String text) {
        return NOT_ASCII.matcher(text).replaceAll("?");
    }

    /** The JSON for a store that is limited to ASCII. Other characters are escaped, so nothing is lost. */
    public static String asciiJson(String json) {
        return NOT_ASCII.matcher(json).replaceAll(found -> {
            StringBuilder escaped = new StringBuilder();
            found.group().chars().forEach(unit -> escaped.append(String.format("\\\\u%04x", unit)));
            return escaped.toString();
        });
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }
}
