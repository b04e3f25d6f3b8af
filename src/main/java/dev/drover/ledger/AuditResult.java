package dev.drover.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of the last audit of a pipeline.
 *
 * @param text the result in a few words
 * @param fault whether a row is missing or not proven to be there
 * @param parts the audited keys in their order, at most {@value #MOST_PARTS} parts of them
 * @param nanos the time of the audit, by {@link System#nanoTime}
 */
public record AuditResult(String text, boolean fault, List<Part> parts, long nanos) {

    private static final int MOST_PARTS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The worst that an audit has found of a part; the later ones are worse. */
    public enum Finding {
        PROVEN,
        /** There are no receipts. */
        NO_RECEIPTS,
        NOT_PROVEN,
        MISSING
    }

    /**
     * Some consecutive segments, or a range of keys without receipts.
     *
     * @param after the key after which it begins; null for the first row
     * @param last the last key
     * @param rows how many rows were read
     * @param missing how many rows were never read
     */
    public record Part(@Nullable String after, String last, long rows, long missing, Finding finding) {

        private Part and(Part next) {
            Finding worse = finding.compareTo(next.finding) < 0 ? next.finding : finding;
            return new Part(after, next.last, rows + next.rows, missing + next.missing, worse);
        }
    }

    private record Stored(String text, boolean fault, List<Part> parts) {}

    /** Adds a part; all are joined in pairs when they become too many. */
    public static void add(List<Part> parts, Part next) {
        parts.add(next);
        if (parts.size() > MOST_PARTS) {
            List<Part> all = new ArrayList<>(parts);
            parts.clear();
            for (int i = 0; i < all.size(); i += 2) {
                parts.add(i + 1 < all.size() ? all.get(i).and(all.get(i + 1)) : all.get(i));
            }
        }
    }

    /** The time since the audit. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** The text for the store. */
    public static String write(String text, boolean fault, List<Part> parts) {
        try {
            return JSON.writeValueAsString(new Stored(text, fault, parts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts must be writable", e);
        }
    }

    /**
     * Reads a text of the store.
     *
     * @throws IllegalStateException if it is none
     */
    public static AuditResult read(String stored, Duration age) {
        try {
            Stored found = JSON.readValue(stored, Stored.class);
            return new AuditResult(found.text(), found.fault(), found.parts(), System.nanoTime() - age.toNanos());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the result of the last audit cannot be read", e);
        }
    }
}
