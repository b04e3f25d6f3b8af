package dev.drover.route;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Suggests a known word in place of an unknown one: {@code ; did you mean pageSize}. */
public final class Nearest {

    private Nearest() {}

    /** The end of a message: the suggestion, or nothing if no known word is near. */
    public static String hint(String word, Collection<String> known) {
        return to(word, known.stream()).map(found -> "; did you mean " + found).orElse("");
    }

    /** The nearest known word, if it differs in at most a third of the letters and at most three. */
    public static Optional<String> to(String word, Stream<String> known) {
        int most = Math.max(1, Math.min(3, word.length() / 3));
        return known.filter(candidate -> distance(word, candidate) <= most)
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The Levenshtein distance, ignoring case. Two neighbours in the wrong order count once. */
    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] twoAbove = new int[0];
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                row[j] = swapped ? Math.min(row[j], twoAbove[j - 2] + 1) : row[j];
            }
            twoAbove = above;
            above = row;
        }
        return above[b.length()];
    }
}
