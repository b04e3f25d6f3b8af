package dev.drover.ledger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The records that the checkpoint has not passed: those of the open pages, those that a page under way asks for, and
 * those that are settled and not written yet. A record counts once, from the opening of its page until it is written.
 *
 * <p>The pages of one sequence pass in the order in which they were read. A table is one sequence; a topic has one for
 * each partition, and none waits for another.
 *
 * <p>Guarded by the {@link LedgerLock} of its {@link Ledger}; nothing here waits or writes.
 */
final class Window {

    private final Map<String, Deque<OpenPage>> open = new HashMap<>();
    private final List<SettledPage> unwritten = new ArrayList<>();
    private final boolean inOrder;
    private final int maxInFlight;
    private long records;
    private long placed;
    private boolean roomWanted;
    private boolean writing;
    private boolean writeWanted;
    private long nextWrite = System.nanoTime();

    /**
     * What keeps the checkpoint where it is.
     *
     * @param page the page that was opened first; empty if none is open
     * @param isWritten whether all that is settled is written
     */
    record Oldest(Optional<OpenPage> page, boolean isWritten) {}

    /**
     * An empty window.
     *
     * @param settlement says whether pages are settled in order, and where their places begin
     * @param maxInFlight the most records it may have
     */
    Window(Settlement settlement, int maxInFlight) {
        this.inOrder = settlement.inOrder();
        this.placed = settlement.settled();
        this.maxInFlight = maxInFlight;
    }

    /** Opens a page, which takes room for as many records as it asks for. */
    OpenPage open(Ledger ledger, String sequence, List<String> key, int asked) {
        OpenPage page = new OpenPage(ledger, sequence, key, asked, placed);
        open.computeIfAbsent(sequence, any -> new ArrayDeque<>()).addLast(page);
        records += asked;
        return page;
    }

    /** Gives back the room that a page asked for and did not need; returns false if the page was abandoned. */
    boolean read(OpenPage page, int rows) {
        if (page.isAbandoned()) {
            return false;
        }
        records -= page.room() - rows;
        page.room(rows);
        placed += rows;
        return true;
    }

    /** Removes a page that was not sent, if it is still open. */
    void discard(OpenPage page) {
        if (pages(page.sequence()).remove(page)) {
            records -= page.room();
            passSettled(page.sequence());
        }
    }

    /** The page is settled. */
    void settled(OpenPage page) {
        page.markSettled();
        if (inOrder) {
            passSettled(page.sequence());
        } else {
            pages(page.sequence()).remove(page); // its records were named one by one
        }
    }

    /** Passes the oldest pages of a sequence as far as they are settled, and never passes an open page. */
    private void passSettled(String sequence) {
        Deque<OpenPage> pages = pages(sequence);
        while (!pages.isEmpty() && pages.getFirst().isSettled()) {
            unwritten.add(pages.removeFirst().asSettled());
        }
    }

    /** Records are settled one by one; the first of them takes the trace along. */
    void settled(Collection<Cursor> keys, List<Traced> trace) {
        List<Traced> left = trace;
        for (Cursor key : keys) {
            unwritten.add(new SettledPage(key, 1, List.of(), SettledPage.Fates.UNKNOWN, left));
            left = List.of();
        }
    }

    /** Abandons the open pages of a sequence; returns how many records they had. */
    int abandon(String sequence) {
        int abandoned = 0;
        Deque<OpenPage> pages = open.remove(sequence);
        for (OpenPage page : pages == null ? List.<OpenPage>of() : pages) {
            abandoned += page.room();
            page.abandon();
        }
        records -= abandoned;
        return abandoned;
    }

    /** Whether records are settled one by one. */
    boolean settlesByRecord() {
        return !inOrder;
    }

    /** Refuses a page that would wait for ever; needs no lock. */
    void checkFits(int asked) {
        if (asked > maxInFlight) {
            throw new IllegalArgumentException(
                    "a page of " + asked + " records never fits into maxInFlight " + maxInFlight);
        }
    }

    /** Whether so many records fit. A page that is full by its bytes counts as full by its records until it is settled. */
    boolean hasRoom(int asked) {
        int full = open.values().stream()
                .flatMap(Collection::stream)
                .mapToInt(OpenPage::roomOfBytes)
                .sum();
        return records + full + asked <= maxInFlight;
    }

    /** Whether a reader waits for room: while it does, what is settled is written as soon as half of the window is. */
    void wantRoom(boolean wanted) {
        roomWanted = wanted;
    }

    long records() {
        return records;
    }

    /** The records of the open pages of one sequence. */
    long records(String sequence) {
        return pages(sequence).stream().mapToLong(OpenPage::room).sum();
    }

    private Deque<OpenPage> pages(String sequence) {
        return open.getOrDefault(sequence, new ArrayDeque<>());
    }

    private boolean isNoneOpen() {
        return open.values().stream().allMatch(Deque::isEmpty);
    }

    private boolean isWritten() {
        return unwritten.isEmpty() && !writing;
    }

    /** Whether everything that was read is settled and written. */
    boolean isPassed() {
        return isNoneOpen() && isWritten();
    }

    Oldest oldest() {
        Optional<OpenPage> first = open.values().stream()
                .flatMap(pages -> Stream.ofNullable(pages.peekFirst()))
                .min(Comparator.comparingLong(OpenPage::opened));
        return new Oldest(first, isWritten());
    }

    /** The next write must not wait for more, even if one is under way now. */
    void wantWrite() {
        writeWanted = true;
    }

    /**
     * Takes what is settled, to be written and then given to {@link #written} or {@link #notWritten}. Takes nothing while
     * a write is under way, or while more is to come and the pace of writes is not over.
     *
     * @param ending whether nothing more is to come
     */
    List<SettledPage> take(boolean ending) {
        boolean mayWait = !isNoneOpen() && !isRoomShort() && !ending && !writeWanted;
        if (writing || unwritten.isEmpty() || (mayWait && System.nanoTime() - nextWrite < 0)) {
            return List.of();
        }
        writing = true;
        writeWanted = false;
        List<SettledPage> taken = List.copyOf(unwritten);
        unwritten.clear();
        return taken;
    }

    /** Whether a reader waits and at most half of the window is unsettled, so that deliveries may soon run out of records. */
    private boolean isRoomShort() {
        long settled = unwritten.stream().mapToLong(SettledPage::rows).sum();
        return roomWanted && 2 * (records - settled) <= maxInFlight;
    }

    /** What was taken is written, and leaves the window; the next write may wait as long as the pace. */
    void written(List<SettledPage> taken, Duration pace) {
        endWrite(pace);
        taken.forEach(page -> records -= page.rows());
    }

    /** What was taken could not be written, and comes first in the next write. */
    void notWritten(List<SettledPage> taken, Duration pace) {
        endWrite(pace);
        unwritten.addAll(0, taken);
    }

    private void endWrite(Duration pace) {
        writing = false;
        nextWrite = System.nanoTime() + pace.toNanos();
    }
}
