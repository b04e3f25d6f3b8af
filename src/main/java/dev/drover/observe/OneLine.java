package dev.drover.observe;

/** Text of others (an answer, a key) for a terminal: on one line, and without characters that could steer it. */
final class OneLine {

    private OneLine() {}

    static String of(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** The same, cut to so many characters. */
    static String of(String text, int longest) {
        String line = of(text);
        return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
    }
}
