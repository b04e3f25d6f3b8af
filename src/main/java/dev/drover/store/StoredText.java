package dev.drover.store;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text from outside as every store can hold it. PostgreSQL takes no NUL character, and no database takes half of a
 * surrogate pair: U+FFFD stands for each of them.
 */
public final class StoredText {

    private static final char REPLACEMENT = '\uFFFD';
    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7F]");
    private static final String CUT = "…";

    private StoredText() {}

    /** The text as it can be held. */
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

    /** The same, no longer than this; what is cut off is seen by an ellipsis at the end. */
    public static @Nullable String of(@Nullable String text, int longest) {
        if (text == null || text.length() <= longest) {
            return text == null ? null : of(text);
        }
        return of(text.substring(0, longest - CUT.length())) + CUT;
    }

    /** The text for a store that can hold no more than ASCII: a question mark stands for all else. */
    public static String ascii(String text) {
        return NOT_ASCII.matcher(text).replaceAll("?");
    }

    /** The same of JSON, in which nothing is lost: all else is escaped, half of a surrogate pair, too. */
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
