package dev.drover.ledger;

import java.time.Duration;

/**
 * What the last audit of a pipeline has found.
 *
 * @param text in a few words
 * @param fault whether something is missing, or not proven
 * @param nanos when, by {@link System#nanoTime}
 */
public record AuditResult(String text, boolean fault, long nanos) {

    private static final String FAULT = "!";

    /** How long ago it was. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** As a text for the store. */
    public static String write(String text, boolean fault) {
        return (fault ? FAULT : "=") + text;
    }

    /** From a text of the store that is so old. */
    public static AuditResult read(String stored, Duration age) {
        return new AuditResult(stored.substring(1), stored.startsWith(FAULT), System.nanoTime() - age.toNanos());
    }
}
