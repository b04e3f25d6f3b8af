package dev.drover.outcome;

/**
 * What became of one record.
 *
 * @param status that the service gave it; 0 if it gave none
 * @param reason why it was not accepted, in the words of the service; empty if it was
 */
public record Fate(Kind kind, int status, String reason) {

    /** The three things that can become of a record. */
    public enum Kind {
        /** It is stored, or processed. */
        ACCEPTED,
        /** It is refused for what is in it: it becomes a dead letter. */
        REFUSED,
        /** It is not accepted now: it is sent again. */
        RETRIED
    }

    static final Fate ACCEPTED = new Fate(Kind.ACCEPTED, 0, "");

    private static final int LONGEST_REASON = 500;

    static Fate refused(int status, String reason) {
        return new Fate(Kind.REFUSED, status, cut(reason));
    }

    static Fate retried(int status, String reason) {
        return new Fate(Kind.RETRIED, status, cut(reason));
    }

    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }
}
