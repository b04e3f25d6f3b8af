package dev.drover.ledger;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** How the aggregates of a pipeline collect its records into batches. Thread-safe. */
public final class Collecting {

    private final Set<Runnable> flushers = ConcurrentHashMap.newKeySet();
    private volatile boolean inSlices;
    private volatile IntSupplier room = () -> 1;

    /** Registers how to close the incomplete batches of an aggregate. Registering twice has no further effect. */
    public void flushWith(Runnable flusher) {
        flushers.add(flusher);
    }

    /** Closes all incomplete batches, so that they wait neither at the end of the source nor for a full window. */
    public void flush() {
        flushers.forEach(Runnable::run);
    }

    /** Lets the records of a page travel in slices from now on, because no step needs single records. */
    public void useSlices() {
        inSlices = true;
    }

    /** Whether records travel in slices. */
    public boolean usesSlices() {
        return inSlices;
    }

    /** Registers how many more records the open batch takes, at least 1. */
    public void collectWith(IntSupplier roomOfBatch) {
        room = roomOfBatch;
    }

    /** The size of the next slice: as many records as the open batch takes; 1 until that is known. */
    public int slice() {
        return room.getAsInt();
    }
}
