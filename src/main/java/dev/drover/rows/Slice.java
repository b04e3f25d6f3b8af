package dev.drover.rows;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.RandomAccess;
import java.util.function.IntSupplier;

/** A view of a few consecutive rows of a page that travel as one exchange. Immutable. */
public final class Slice extends AbstractList<Object> implements RandomAccess {

    private final List<?> rows;

    private Slice(List<?> rows) {
        this.rows = rows;
    }

    @Override
    public Object get(int index) {
        return rows.get(index);
    }

    @Override
    public int size() {
        return rows.size();
    }

    /** A record that cannot be represented is a slice of its own, because it becomes a dead letter. */
    private static int end(List<?> page, int from, int size) {
        int most = from + Math.min(size, page.size() - from);
        for (int row = from; row < most; row++) {
            if (page.get(row) instanceof SourceRecord record && record.unrepresentable() != null) {
                return Math.max(row, from + 1);
            }
        }
        return most;
    }

    /** Divides a page into slices in order. Each slice has at most the size that {@code size} returns when it is taken. */
    public static Iterator<Slice> of(List<?> page, IntSupplier size) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < page.size();
            }

            @Override
            public Slice next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the page has no more rows");
                }
                int from = next;
                next = end(page, from, size.getAsInt());
                return new Slice(page.subList(from, next));
            }
        };
    }
}
