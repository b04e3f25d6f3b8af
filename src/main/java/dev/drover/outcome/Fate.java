package dev.drover.outcome;

import java.util.Set;

/**
 * The result of sending one record.
 *
 * @param status the status for this record; 0 if the answer has none
 * @param reason why the record was not accepted, as the service puts it; empty if it was accepted
 */
public record Fate(Kind kind, int status, String reason) {

    /** The three possible results. */
    public enum Kind {
        /** The service stored or processed the record. */
        ACCEPTED,
        /** The service refused the content of the record: the record becomes a dead letter. */
        REFUSED,
        /** The service did not accept the record this time: the record is sent again. */
        RETRIED
    }

    static final Fate ACCEPTED = new Fate(Kind.ACCEPTED, 0, "");

    private static final Set<Integer> REFUSALS = Set.of(400, 413, 415, 422);
    private static final int CONFLICT = 409;
    private static final int LONGEST_REASON = 500;

    /** Whether this status refuses the content of a batch or record, so that a retry cannot succeed. */
    public static boolean isRefusal(int status) {
        return REFUSALS.contains(status);
    }

    /**
     * The result for a status of one record: a refusal is final, and any other failure may pass.
     *
     * @param conflict the meaning of 409
     */
    static Fate of(int status, String reason, Kind conflict) {
        if (status >= 200 && status <= 299) {
            return ACCEPTED;
        }
        Kind kind = status == CONFLICT ? conflict : isRefusal(status) ? Kind.REFUSED : Kind.RETRIED;
        return kind == Kind.ACCEPTED ? ACCEPTED : of(kind, status, reason);
    }

    static Fate refused(int status, String reason) {
        return of(Kind.REFUSED, status, reason);
    }

    static Fate retried(int status, String reason) {
        return of(Kind.RETRIED, status, reason);
    }

    private static Fate of(Kind kind, int status, String reason) {
        return new Fate(kind, status, reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON));
    }
}
