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
 * The records that the checkpoint has not passed: the records of the open pages, the records that a page under way has
 * asked for, and the settled records that are not written yet. A record counts once, from the opening of its page until
 * it is written.
 *
 * <p>The pages of a sequence are passed in the order in which they were read. A table is one sequence. A topic has one
 * sequence for each partition, and no sequence waits for another.
 *
 * <p>Guarded by the {@link LedgerLock} of its {@link Ledger}. Nothing here waits or writes.
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
     * What holds the checkpoint.
     *
     * @param page the page that was opened first; empty if none is open
     * @param isWritten whether everything that is settled is written
     */
    record Oldest(Optional<OpenPage> page, boolean isWritten) {}

    /**
     * Creates an empty window.
     *
     * @param settlement defines whether pages are settled in order, and the place of the first record
     * @param maxInFlight the largest number of records
     */
    Window(Settlement settlement, int maxInFlight) {
        this.inOrder = settlement.inOrder();
        this.placed = settlement.settled();
        this.maxInFlight = maxInFlight;
    }

    /** Opens a page and reserves room for the records that it asks for. */
    OpenPage open(Ledger ledger, String sequence, List<String> key, int asked) {
        OpenPage page = new OpenPage(ledger, sequence, key, asked, placed);
        open.computeIfAbsent(sequence, any -> new ArrayDeque<>()).addLast(page);
        records += asked;
        return page;
    }

    /** Gives back the room that a page reserved and did not need. Returns false if the page was abandoned. */
    boolean read(OpenPage page, int rows) {
        if (page.isAbandoned()) {
            return false;
        }
        records -= page.room - rows;
        page.room = rows;
        placed += rows;
        return true;
    }

    /** Removes a page that was not read, if it is still open. */
    void discard(OpenPage page) {
        if (pages(page.sequence()).remove(page)) {
            records -= page.room;
            passSettled(page.sequence());
        }
    }

    /** Settles a page, and passes it if every older page of its sequence was passed. */
    void settled(OpenPage page) {
        page.settled = true;
        if (inOrder) {
            passSettled(page.sequence());
        } else {
            pages(page.sequence()).remove(page); // its records are settled one by one
        }
    }

    /** Passes the oldest pages of a sequence up to the first that is not settled. */
    private void passSettled(String sequence) {
        Deque<OpenPage> pages = pages(sequence);
        while (!pages.isEmpty() && pages.getFirst().settled) {
            unwritten.add(pages.removeFirst().asSettled());
        }
    }

    /** Settles single records. The first of them carries the trace. */
    void settled(Collection<Cursor> keys, List<Traced> trace) {
        List<Traced> carried = trace;
        for (Cursor key : keys) {
            unwritten.add(new SettledPage(key, 1, List.of(), SettledPage.Fates.UNKNOWN, carried));
            carried = List.of();
        }
    }

    /** Abandons the open pages of a sequence. Returns the number of their records. */
    int abandon(String sequence) {
        int abandoned = 0;
        Deque<OpenPage> pages = open.remove(sequence);
        for (OpenPage page : pages == null ? List.<OpenPage>of() : pages) {
            abandoned += page.room;
            page.abandoned = true;
        }
        records -= abandoned;
        return abandoned;
    }

    /** Whether records are settled one by one. */
    boolean settlesByRecord() {
        return !inOrder;
    }

    /** Refuses a page that would wait forever. Needs no lock. */
    void checkFits(int asked) {
        if (asked > maxInFlight) {
            throw new IllegalArgumentException(
                    "a page of " + asked + " records never fits into maxInFlight " + maxInFlight);
        }
    }

    /** Whether {@code asked} more records fit. A page that was cut short by its bytes counts as a full page. */
    boolean hasRoom(int asked) {
        int full = open.values().stream()
                .flatMap(Collection::stream)
                .mapToInt(OpenPage::roomOfBytes)
                .sum();
        return records + full + asked <= maxInFlight;
    }

    /** Notes whether a reader waits for room. Meanwhile a write begins as soon as half of the window is settled. */
    void wantRoom(boolean wanted) {
        roomWanted = wanted;
    }

    long records() {
        return records;
    }

    /** The records of the open pages of one sequence. */
    long records(String sequence) {
        return pages(sequence).stream().mapToLong(page -> page.room).sum();
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
                .min(Comparator.comparingLong(page -> page.opened));
        return new Oldest(first, isWritten());
    }

    /** Lets the next write begin without waiting for more pages, even if a write is under way now. */
    void wantWrite() {
        writeWanted = true;
    }

    /**
     * Takes the settled pages for a write, which must end with {@link #written} or {@link #notWritten}. Takes nothing
     * while another write is under way, or while more pages are expected and the {@link Settlement#pace} has not passed.
     *
     * @param ending whether no more pages are expected
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

    /** Whether a reader waits and at most half of the window is unsettled, so deliveries may soon run out of records. */
    private boolean isRoomShort() {
        long settled = unwritten.stream().mapToLong(SettledPage::rows).sum();
        return roomWanted && 2 * (records - settled) <= maxInFlight;
    }

    /** Removes pages that were written from the window. The next write may wait for the pace. */
    void written(List<SettledPage> taken, Duration pace) {
        endWrite(pace);
        taken.forEach(page -> records -= page.rows());
    }

    /** Puts back pages that could not be written, before all others. */
    void notWritten(List<SettledPage> taken, Duration pace) {
        endWrite(pace);
        unwritten.addAll(0, taken);
    }

    private void endWrite(Duration pace) {
        writing = false;
        nextWrite = System.nanoTime() + pace.toNanos();
    }
}
