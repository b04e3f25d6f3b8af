package dev.drover.ledger;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of records that an earlier owner had sent and that were delivered again before this owner reads them. There
 * are at most as many as the window of that owner had. Thread-safe.
 */
public final class Remembered {

    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    /** Remembers keys, in the form of {@link CursorJson}. */
    public void add(Collection<String> json) {
        keys.addAll(json);
    }

    /** Whether there are no keys. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Forgets a key. Returns whether it was remembered. */
    public boolean take(Cursor key) {
        return keys.remove(CursorJson.write(key));
    }
}
