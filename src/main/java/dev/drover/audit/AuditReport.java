package dev.drover.audit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.ledger.AuditResult;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage.Fates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit of a pipeline has found.
 *
 * @param pipeline its name
 * @param upTo the last key that was audited; null if nothing was
 * @param segments how many segments were audited
 * @param read how many rows of them were read
 * @param fates what became of these
 * @param missing how many rows are in the source and were never read
 * @param missingKeys the first ten of them
 * @param gone how many rows were read and are not in the source any more
 * @param notProven segments that have changed, and whose keys are not stored
 * @param unaccounted rows whose fate is unknown
 * @param lostLetters dead letters that are gone although nothing has removed them
 * @param notCovered ranges of keys without receipts
 * @param elsewhere segments in which the destination has other rows; empty if it was not asked
 * @param parts the audited keys, part by part
 * @param missed the first 10,000 rows that were never read
 */
public record AuditReport(
        String pipeline,
        @Nullable String upTo,
        long segments,
        long read,
        Fates fates,
        long missing,
        List<String> missingKeys,
        long gone,
        List<String> notProven,
        long unaccounted,
        long lostLetters,
        List<String> notCovered,
        List<String> elsewhere,
        List<AuditResult.Part> parts,
        @JsonIgnore List<Cursor> missed) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether every row up to the last key is accounted for. */
    public boolean isComplete() {
        return missing == 0
                && notProven.isEmpty()
                && unaccounted == 0
                && lostLetters == 0
                && elsewhere.isEmpty()
                && upTo != null;
    }

    /** In a few words, without the name of the pipeline. */
    public String summary() {
        if (upTo == null) {
            return "nothing is audited yet, it has no receipts";
        }
        List<String> faults = new ArrayList<>();
        if (missing > 0) {
            faults.add(rows(missing) + " of the source never read"
                    + (missingKeys.isEmpty() ? "" : ", the first is " + missingKeys.get(0)));
        }
        if (lostLetters > 0) {
            faults.add(count(lostLetters, "dead letter") + " lost");
        }
        if (unaccounted > 0) {
            faults.add(rows(unaccounted) + " neither delivered, filtered out nor set aside");
        }
        if (!notProven.isEmpty()) {
            faults.add(count(notProven.size(), "segment") + " not proven");
        }
        if (!elsewhere.isEmpty()) {
            faults.add("the destination has other rows in " + count(elsewhere.size(), "segment"));
        }
        return faults.isEmpty() ? "proven complete up to " + upTo : String.join("; ", faults);
    }

    /** The report for people: one line if all is well, and what is wrong in at most one screen. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(pipeline + ": " + summary());
        if (upTo != null) {
            lines.add(line(
                    "rows",
                    number(read) + " read in " + count(segments, "segment") + ": " + number(fates.delivered())
                            + " delivered, " + number(fates.filtered()) + " filtered out, "
                            + count(fates.deadLettered(), "dead letter")));
        }
        if (read > 0 && fates.filtered() == read) {
            lines.add(line("filtered", "every row was filtered out; is the condition of the filter right?"));
        }
        if (missing > 0 && !missingKeys.isEmpty()) {
            String more = missing > missingKeys.size() ? " ..." : "";
            lines.add(line("never read", String.join("; ", missingKeys) + more));
            lines.add(line("repair", "drover audit " + pipeline + " --repair"));
        }
        if (gone > 0) {
            lines.add(line("gone", rows(gone) + " read, and deleted since (no fault)"));
        }
        notProven.stream().limit(3).forEach(segment -> lines.add(line("not proven", segment)));
        elsewhere.stream().limit(3).forEach(segment -> lines.add(line("destination", segment)));
        notCovered.stream().limit(3).forEach(range -> lines.add(line("no receipts", range)));
        return lines;
    }

    private static String line(String label, String text) {
        return String.format(Locale.ROOT, "  %-14s%s", label, text);
    }

    private static String rows(long some) {
        return count(some, "row");
    }

    private static String count(long some, String one) {
        return number(some) + " " + one + (some == 1 ? "" : "s");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The line of a pipeline that has nothing to audit, for people or for a program. */
    public static String notAudited(String pipeline, String why, boolean json) {
        return json
                ? JSON.valueToTree(Map.of("pipeline", pipeline, "notAudited", why))
                        .toString()
                : pipeline + ": not audited: " + why;
    }

    /** The report for a program. */
    public String toJson() {
        return JSON.valueToTree(this).toString();
    }
}
