package dev.drover.batch;

import dev.drover.ledger.Close;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.Delivery;
import dev.drover.ledger.FailedAttempt;
import dev.drover.ledger.Fate;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.OpenPage;
import dev.drover.ledger.RecordId;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.Sha256;
import dev.drover.ledger.Traced;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of one HTTP request.
 *
 * <p>One thread at a time fills it, under the lock of the aggregate. After that, the thread that delivers it settles its
 * records.
 */
public final class Batch implements Delivery {

    /** The exchange property with the batch. */
    public static final String PROPERTY = "batch";

    private static final int ID_BYTES = 16;

    private final Ledger ledger;
    private final List<BatchItem> items;
    private final Attempts attempts;
    private final CompletableFuture<Void> turn;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long bytes;
    private @Nullable String id;
    private @Nullable String replaced;
    private volatile Traced.@Nullable Sent sent;
    private boolean recovered;
    private volatile Close closing = Close.REMAINDER;

    Batch(Ledger ledger, Attempts attempts, CompletableFuture<Void> turn) {
        this(ledger, new ArrayList<>(), attempts, turn);
    }

    private Batch(Ledger ledger, List<BatchItem> items, Attempts attempts, CompletableFuture<Void> turn) {
        this.ledger = ledger;
        this.items = items;
        this.attempts = attempts;
        this.turn = turn;
    }

    /**
     * A batch of records that are sent again without an aggregate. Each record holds its own page until it is settled.
     *
     * @param rows a map with the key, in key order, for each record; at least one
     * @param bodies the body of each record
     */
    public static Batch again(Ledger ledger, List<? extends Map<String, ?>> rows, List<?> bodies) {
        Batch batch = new Batch(ledger, new Attempts(null, new LaneClock()), CompletableFuture.completedFuture(null));
        List<String> key = List.copyOf(rows.get(0).keySet());
        for (int i = 0; i < rows.size(); i++) {
            RecordOnPage record = new RecordOnPage(ledger.open(key, 1), List.of(rows.get(i)));
            batch.add(new BatchItem(bodies.get(i), record, 0));
            record.collected(1);
            record.ended(false, false);
            record.page().close(1, record.key(0));
        }
        return batch;
    }

    /**
     * A batch like {@link #again}, which an earlier owner of the pipeline may have sent.
     *
     * @param id the id of the batch that the earlier owner sent
     */
    public static Batch sentBefore(Ledger ledger, List<? extends Map<String, ?>> rows, List<?> bodies, String id) {
        Batch batch = again(ledger, rows, bodies);
        batch.id = id;
        batch.recovered = true;
        return batch;
    }

    /** A batch like {@link #again}, of parked records. A failed attempt ends its exchange, and it is tried again later. */
    public static Batch parked(Ledger ledger, List<? extends Map<String, ?>> rows, List<?> bodies) {
        Batch batch = again(ledger, rows, bodies);
        batch.attempts.parked();
        return batch;
    }

    void add(BatchItem item) {
        items.add(item);
    }

    void addBytes(long more) {
        bytes += more;
    }

    long bytes() {
        return bytes;
    }

    /** Sets why the batch is about to be closed. */
    void closing(Close reason) {
        closing = reason;
    }

    Close closing() {
        return closing;
    }

    public Ledger ledger() {
        return ledger;
    }

    public String getPipeline() {
        return ledger.pipeline();
    }

    /** The number of records. */
    public int getSize() {
        return items.size();
    }

    public List<BatchItem> items() {
        return items;
    }

    /** A view of the bodies of the records in order, which a data format marshals. */
    public List<Object> bodies() {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return items.get(index).body();
            }

            @Override
            public int size() {
                return items.size();
            }
        };
    }

    /**
     * The identity of the batch: 32 hexadecimal digits, a hash of the pipeline, its run, and the key and life of each
     * record. The same records in the same batch have the same identity in each attempt, also after a restart. Records that
     * are sent again on purpose have another one, and so have new rows with the keys of deleted rows. The identity does not
     * show a key.
     */
    @Override
    public String getId() {
        String known = id;
        if (known == null) {
            known = hash();
            id = known;
        }
        return known;
    }

    /** Whether an earlier owner of the pipeline may have sent this batch, or the batch that it is a part of. */
    public boolean isRecovered() {
        return recovered;
    }

    /** The id of the refused batch that this batch and other parts replace; empty if there is none. */
    public Optional<String> replaced() {
        return Optional.ofNullable(replaced);
    }

    /** The place of the last record, see {@link RecordOnPage#place}; 0 if the batch is empty. */
    public long lastPlace() {
        return items.stream().mapToLong(BatchItem::place).max().orElse(0);
    }

    @Override
    public long firstUnsettledPlace() {
        return items.stream()
                .filter(item -> !item.isSettled())
                .mapToLong(BatchItem::place)
                .min()
                .orElse(0);
    }

    /** The place of the first record; 0 if the batch is empty. */
    public long firstPlace() {
        return items.stream().mapToLong(BatchItem::place).min().orElse(0);
    }

    private String hash() {
        Sha256 hash = new Sha256()
                .add(getPipeline())
                .add(Long.toString(ledger.settlement().run()));
        for (BatchItem item : items) {
            RecordId.addTo(hash, ledger, item.key());
        }
        return hash.hex(ID_BYTES);
    }

    /** Notes that an attempt failed and will be repeated. */
    public void failed(String reason) {
        attempts.failed(getId(), reason);
    }

    @Override
    public Optional<FailedAttempt> lastFailure() {
        return attempts.last();
    }

    /** Notes what it waits for before its next attempt; null for nothing. */
    public void waitsFor(@Nullable String what) {
        attempts.waitsFor(what);
    }

    @Override
    public Optional<String> waitsFor() {
        return attempts.waitsFor();
    }

    @Override
    public Optional<Cursor> holds(OpenPage page) {
        return items.stream()
                .filter(item -> item.record().page() == page && !item.isSettled())
                .findFirst()
                .map(BatchItem::key);
    }

    /**
     * Settles records as delivered, unless they are settled already.
     *
     * @param step the id of the step that sent them
     */
    public void delivered(List<BatchItem> accepted, String step) {
        ledger.tally().delivered(settle(accepted, item -> item.settleBy(step), Fate.DELIVERED));
    }

    /**
     * Halts the pipeline if another step has delivered records of this batch. They are settled already, so records that
     * this destination refuses or misses would be lost.
     *
     * @return whether the pipeline was halted
     */
    public boolean haltsForSecondDestination(String step) {
        for (BatchItem item : items) {
            if (item.isDeliveredByOther(step)) {
                ledger.halt("step " + step + " delivers a batch that another step has delivered before: a record is"
                        + " settled once, so what the second destination refuses or misses would be lost; give each"
                        + " destination a pipeline of its own");
                return true;
            }
        }
        return false;
    }

    /** Settles all unsettled records as durable dead letters. */
    public void deadLettered() {
        ledger.tally().deadLettered(settle(items, BatchItem::settle, Fate.DEAD_LETTERED));
    }

    /** Settles all unsettled records as durably parked. */
    public void park() {
        ledger.tally().parked(settle(items, BatchItem::settle, Fate.DEAD_LETTERED, Traced.Outcome.PARKED));
    }

    /** Whether its records were parked, and are sent again. */
    public boolean isParked() {
        return attempts.isParked();
    }

    /** How the batch and its parts are tried. */
    public Attempts attempts() {
        return attempts;
    }

    /** Gives up all unsettled records, because they will be read again. */
    public void leftToBeReadAgain() {
        int unused = settle(items, BatchItem::settle, Fate.LEFT);
    }

    /** Settles items. The holds of neighbours with the same record, such as a slice, are released together. */
    private int settle(List<BatchItem> some, Predicate<BatchItem> settles, Fate fate) {
        return settle(some, settles, fate, Traced.Outcome.valueOf(fate.name()));
    }

    private int settle(List<BatchItem> some, Predicate<BatchItem> settles, Fate fate, Traced.Outcome outcome) {
        List<BatchItem> settled = some.stream().filter(settles).toList();
        trace(settled, outcome);
        int released = 0;
        for (int i = 0; i < settled.size(); i++) {
            RecordOnPage record = settled.get(i).record();
            if (i + 1 == settled.size() || settled.get(i + 1).record() != record) {
                record.settleItems(i + 1 - released, fate);
                released = i + 1;
            }
        }
        ledger.writing().writeRecords();
        return settled.size();
    }

    /** Notes the answer to an attempt. To be called if the pipeline is traced. */
    public void answered(String destination, int status, @Nullable String receipt) {
        sent = new Traced.Sent(getId(), destination, 1, status, receipt).after(sent);
    }

    private void trace(List<BatchItem> some, Traced.Outcome outcome) {
        if (ledger.isTraced()) {
            Map<OpenPage, Set<Cursor>> pages = new LinkedHashMap<>();
            for (BatchItem item : some) {
                pages.computeIfAbsent(item.record().page(), any -> new LinkedHashSet<>())
                        .add(item.key());
            }
            pages.forEach((page, keys) -> page.trace().add(() -> keys, outcome, sent));
        }
    }

    /** Whether another process reads a record of this batch again, so that the batch must not be sent any more. */
    public boolean isAbandoned() {
        return ledger.hasAbandoned()
                && items.stream().anyMatch(item -> item.record().page().isAbandoned());
    }

    /** The number of unsettled records, without those that another process reads again. */
    public int unsettled() {
        int unsettled = 0;
        for (BatchItem item : items) {
            unsettled += item.isSettled() || item.record().page().isAbandoned() ? 0 : 1;
        }
        return unsettled;
    }

    /** Divides a batch of at least two records into halves, which share its records and their holds. */
    public List<Batch> halves() {
        int middle = items.size() / 2;
        trace(items, Traced.Outcome.SPLIT);
        return List.of(inPlace(items.subList(0, middle)), inPlace(items.subList(middle, items.size())));
    }

    /**
     * Divides a batch of at least two records into at least two parts, which share its records and their holds. A part has
     * at most this share of the bytes, unless it is a single record.
     *
     * @param share more than 0, less than 1
     */
    public List<Batch> parts(double share) {
        List<List<BatchItem>> groups = JsonSize.groups(items, share);
        if (groups.size() < 2) {
            return halves();
        }
        trace(items, Traced.Outcome.SPLIT);
        return groups.stream().map(this::inPlace).toList();
    }

    /** A batch of some of the records, which shares them and their holds, and the turn of this batch. */
    public Batch part(List<BatchItem> some) {
        Batch part = new Batch(ledger, some, attempts, turn);
        part.recovered = recovered;
        part.sent = sent;
        return part;
    }

    /** A batch of one record that the answer refused with this status. */
    public Batch refused(BatchItem item, int status) {
        Batch part = part(List.of(item));
        Traced.Sent answered = sent;
        part.sent = answered == null ? null : answered.with(status);
        return part;
    }

    private Batch inPlace(List<BatchItem> some) {
        Batch part = part(some);
        part.replaced = getId();
        return part;
    }

    /** A batch of the unsettled records; empty if all are settled. */
    public Optional<Batch> unsettledPart() {
        List<BatchItem> unsettled =
                items.stream().filter(item -> !item.isSettled()).toList();
        return unsettled.isEmpty() ? Optional.empty() : Optional.of(part(unsettled));
    }

    /** Counts a division of this batch or one of its parts, and returns the number of divisions. */
    public int divided() {
        return attempts.divided();
    }

    /** Completes when every earlier batch of the lane has ended; exceptionally if one of them was given up. */
    public CompletableFuture<Void> turn() {
        return turn;
    }

    /** Completes when this batch has ended; exceptionally if it was given up with unsettled records. */
    CompletableFuture<Void> ended() {
        return ended;
    }
}
