package dev.drover.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows that the split of a page was given, and which of the rows that were read they are. Thread-safe. */
final class SplitRows {

    private final OpenPage page;
    private final List<?> rows;
    private final int[] places;
    private final AtomicInteger taken = new AtomicInteger();

    SplitRows(OpenPage page, List<?> rows, int[] places) {
        this.page = page;
        this.rows = rows;
        this.places = places;
    }

    int size() {
        return places.length;
    }

    /** The next records of the split: they must be its next rows, or the page is not settled. Returns the first's number. */
    int take(List<?> records) {
        int first = taken.getAndAdd(records.size());
        for (int i = 0; i < records.size(); i++) {
            if (first + i >= rows.size() || rows.get(first + i) != records.get(i)) {
                page.lose("the split made a record of something else than the next row");
                return Math.max(0, Math.min(first, rows.size() - records.size()));
            }
        }
        return first;
    }

    /** Which of the rows that were read it is. */
    int place(int number) {
        return places[number];
    }

    /** The keys of the rows that were read and not given. */
    List<Cursor> removed(List<Cursor> read) {
        List<Cursor> removed = new ArrayList<>();
        int next = 0;
        for (int row = 0; row < read.size(); row++) {
            if (next < places.length && places[next] == row) {
                next++;
            } else {
                removed.add(read.get(row));
            }
        }
        return removed;
    }
}
