package dev.drover.ledger;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of records that were delivered before they are read, because an earlier owner had sent them. At most as many
 * as the window had of that owner. Thread-safe.
 */
public final class Remembered {

    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    /** Remembers these keys, as {@link #text} writes them. */
    public void add(Collection<String> texts) {
        keys.addAll(texts);
    }

    /** Whether there are none, so that no record needs to be looked for. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Forgets the key; returns whether it was remembered. */
    public boolean take(Cursor key) {
        return keys.remove(text(key));
    }

    /** The exact text of a key, in one line. */
    public static String text(Cursor key) {
        return CursorJson.write(key);
    }

    /**
     * The key of a text.
     *
     * @throws IllegalStateException if it is corrupt
     */
    public static Cursor key(String pipeline, String text) {
        return CursorJson.read(pipeline, text);
    }
}
