package dev.drover.audit;

import dev.drover.config.Consistency;
import dev.drover.ledger.AuditResult;
import dev.drover.ledger.AuditResult.Finding;
import dev.drover.ledger.AuditResult.Part;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorOrder;
import dev.drover.ledger.SettledPage.Fates;
import dev.drover.source.SourceForm;
import dev.drover.store.Receipt;
import dev.drover.store.ReceiptKeys;
import dev.drover.store.Receipts;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * An audit of one pipeline: reads the keys of its source again, segment by segment, and compares them with its receipts.
 * It has the keys of one segment in memory at a time. For one thread.
 */
public final class Audit {

    private static final int NAMED = 10;
    private static final int MOST_MISSED = 10_000;
    private static final int CHUNK = 1_000;

    private final String pipeline;
    private final Receipts receipts;
    private final SourceKeys source;
    private final List<Cursor> missed = new ArrayList<>();
    private final List<String> notProven = new ArrayList<>();
    private final List<String> notCovered = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private @Nullable AtDestination destination;
    private @Nullable Cursor upTo;
    private Fates fates = new Fates(0, 0, 0);
    private long segments;
    private long read;
    private long missing;
    private long gone;
    private long unaccounted;

    /**
     * An audit that has not begun.
     *
     * @param form what the pipeline reads from
     * @param store whose schema is up to date
     * @param goesOn whether to read on; asked before each page
     * @param rests whether to pause after each page, to spare a source that a pipeline reads at the same time
     */
    public Audit(SourceForm form, DataSource store, BooleanSupplier goesOn, boolean rests) {
        this.pipeline = form.endpoint().getName();
        this.receipts = new Receipts(store);
        this.source = new SourceKeys(form, goesOn, rests);
    }

    /** Compares what the receiver has, too. */
    public void comparing(AtDestination receiver) {
        destination = receiver;
    }

    /** Why a pipeline has nothing to audit, in words that follow its name; empty if it has. */
    public static Optional<String> obstacle(SourceForm form) {
        if (form.endpoint().config().consistency() == Consistency.CLAIM) {
            return Optional.of(
                    "it claims its rows and has no receipts; the claim table itself says which rows are settled");
        }
        return form.endpoint().isChanges()
                ? Optional.of("it reads a change log, where one record stands for all changes of a row in a page")
                : Optional.empty();
    }

    /** Which segments are audited: those that may have a key in a range, and are old enough. */
    public record Range(@Nullable Cursor from, @Nullable Cursor to, Duration age) {

        /** All of them. */
        public static final Range ALL = new Range(null, null, Duration.ZERO);

        private boolean has(Receipt segment) {
            return (from == null || !CursorOrder.isUpTo(segment.last(), from))
                    && (to == null || segment.after() == null || !CursorOrder.isUpTo(to, segment.after()))
                    && (age.isZero() || segment.settled().isBefore(Instant.now().minus(age)));
        }
    }

    /**
     * Audits what the checkpoint has passed, and keeps the result of a whole audit in the store.
     *
     * @throws SQLException when the source fails
     * @throws dev.drover.ledger.SettlementException when the store cannot be used
     * @throws IllegalArgumentException if this source cannot be audited
     */
    public AuditReport run(Range range) throws SQLException {
        Optional<Receipts.Audited> known = receipts.audit(pipeline);
        Cursor end = known.map(Receipts.Audited::cursor).orElse(null);
        Cursor covered = null;
        boolean whole = true;
        List<Receipt> some = receipts.next(pipeline, -1);
        while (whole && !some.isEmpty()) {
            for (Receipt segment : some) {
                if (covered != null && !covered.equals(segment.after())) {
                    notCovered(covered, segment.after());
                }
                covered = segment.last();
                whole = whole && (!range.has(segment) || compare(segment));
            }
            some = receipts.next(pipeline, some.get(some.size() - 1).place());
        }
        if (whole && covered != null && end != null && CursorOrder.isUpTo(covered, end) && !covered.equals(end)) {
            notCovered(covered, end);
        }
        AuditReport report = report(known.map(Receipts.Audited::lost).orElse(0L));
        if (whole && range.from() == null && range.to() == null && upTo != null) {
            receipts.audited(pipeline, AuditResult.write(report.summary(), !report.isComplete(), parts));
        }
        return report;
    }

    private void notCovered(Cursor after, @Nullable Cursor last) {
        notCovered.add("after " + after + " up to " + last);
        AuditResult.add(parts, new Part(after.toString(), String.valueOf(last), 0, 0, Finding.NO_RECEIPTS));
    }

    private AuditReport report(long lostLetters) {
        return new AuditReport(
                pipeline,
                upTo == null ? null : upTo.toString(),
                segments,
                read,
                fates,
                missing,
                missed.stream().limit(NAMED).map(Cursor::toString).toList(),
                gone,
                notProven,
                unaccounted,
                lostLetters,
                notCovered,
                elsewhere,
                parts,
                missed);
    }

    /** Returns whether it was read to its end. */
    private boolean compare(Receipt segment) throws SQLException {
        long missingBefore = missing;
        int notProvenBefore = notProven.size();
        ReceiptKeys found = new ReceiptKeys();
        long[] rows = {0};
        boolean whole = source.read(segment.after(), segment.last(), key -> {
            found.add(ReceiptKeys.plain(key));
            rows[0]++;
        });
        if (whole && destination != null) {
            destination
                    .difference(segment, () -> receipts.nextBeside(pipeline, 0).isEmpty())
                    .ifPresent(what ->
                            elsewhere.add("after " + segment.after() + " up to " + segment.last() + ": " + what));
        }
        boolean same = rows[0] == segment.rows() && found.digest().equals(segment.digest());
        whole = whole && (same || findKeys(segment, rows[0]));
        if (whole) {
            segments++;
            read += segment.rows();
            fates = fates.plus(segment.fates());
            unaccounted += Math.abs(segment.unaccounted());
            upTo = segment.last();
            Finding finding = missing > missingBefore
                    ? Finding.MISSING
                    : notProven.size() > notProvenBefore || segment.unaccounted() != 0
                            ? Finding.NOT_PROVEN
                            : Finding.PROVEN;
            String after = segment.after() == null ? null : segment.after().toString();
            AuditResult.add(
                    parts,
                    new Part(after, segment.last().toString(), segment.rows(), missing - missingBefore, finding));
        }
        return whole;
    }

    /**
     * Reads a segment again, key by key, to find the keys that are missing or gone. To be called only if the digests
     * differ, because comparing digests is much cheaper. Returns whether the segment was read to its end.
     *
     * @param rows how many rows it has now
     */
    private boolean findKeys(Receipt segment, long rows) throws SQLException {
        Set<List<Object>> left = segment.keys().map(HashSet::new).orElse(null);
        if (left == null) {
            missing += Math.max(0, rows - segment.rows());
            notProven.add("after " + segment.after() + " up to " + segment.last() + ": " + segment.rows()
                    + " rows were read and " + rows + " are there; its keys are too long to be kept, so they cannot"
                    + " be named");
            return true;
        }
        Map<List<Object>, Cursor> extra = new LinkedHashMap<>();
        boolean whole = source.read(segment.after(), segment.last(), key -> {
            List<Object> plain = ReceiptKeys.plain(key);
            if (!left.remove(plain)) {
                extra.put(plain, key);
                if (extra.size() == CHUNK) {
                    miss(extra);
                }
            }
        });
        if (whole) {
            miss(extra);
            gone += left.size();
        }
        return whole;
    }

    /** These are in the source and not in their segment: unless they were read beside it, they were never read. */
    private void miss(Map<List<Object>, Cursor> extra) {
        int skipped = 0;
        List<Receipt> beside = extra.isEmpty() ? List.of() : receipts.nextBeside(pipeline, skipped);
        while (!beside.isEmpty() && !extra.isEmpty()) {
            beside.forEach(receipt -> receipt.keys().ifPresent(keys -> keys.forEach(extra::remove)));
            skipped += beside.size();
            beside = receipts.nextBeside(pipeline, skipped);
        }
        missing += extra.size();
        extra.values().stream().limit(MOST_MISSED - missed.size()).forEach(missed::add);
        extra.clear();
    }
}
