package dev.drover.ledger;

import java.time.Duration;

/**
 * The result of the last audit of a pipeline.
 *
 * @param text the result in a few words
 * @param fault whether a row is missing or not proven to be there
 * @param nanos the time of the audit, by {@link System#nanoTime}
 */
public record AuditResult(String text, boolean fault, long nanos) {

    private static final String FAULT = "!";

    /** The time since the audit. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** The text for the store. */
    public static String write(String text, boolean fault) {
        return (fault ? FAULT : "=") + text;
    }

    /** Reads a text of the store. */
    public static AuditResult read(String stored, Duration age) {
        return new AuditResult(stored.substring(1), stored.startsWith(FAULT), System.nanoTime() - age.toNanos());
    }
}
