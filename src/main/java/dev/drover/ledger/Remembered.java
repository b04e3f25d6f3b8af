package dev.drover.ledger;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of records that an earlier owner had sent and that were delivered before they are read. There are at most as
 * many as the window of that owner had. Thread-safe.
 */
public final class Remembered {

    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    /** Remembers keys, in the form of {@link #text}. */
    public void add(Collection<String> texts) {
        keys.addAll(texts);
    }

    /** Whether there are no keys. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Forgets a key. Returns whether it was remembered. */
    public boolean take(Cursor key) {
        return keys.remove(text(key));
    }

    /** The exact text of a key, in one line. */
    public static String text(Cursor key) {
        return CursorJson.write(key);
    }

    /**
     * Reads a key.
     *
     * @throws IllegalStateException if the text is corrupt
     */
    public static Cursor key(String pipeline, String text) {
        return CursorJson.read(pipeline, text);
    }
}
