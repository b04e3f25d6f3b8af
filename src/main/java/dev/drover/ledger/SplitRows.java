package dev.drover.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows that the split of a page was given, and their places among the rows that were read. Thread-safe. */
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

    /**
     * Takes the next records of the split. If they are not its next rows, the page cannot be settled.
     *
     * @return the index of the first, from 0
     */
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

    /** The index, among the rows that were read, of a row of the split. */
    int place(int index) {
        return places[index];
    }

    /** The keys of the rows that were read and not given to the split. */
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
