package dev.drover.kept;

import dev.drover.ledger.Cursor;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A record of a batch that is sent again, as the row of a page: of its columns only the key is known. Knows whether it
 * was refused, so that it is read again. Thread-safe.
 */
final class KeptRecord extends AbstractMap<String, Object> {

    private final Map<String, Object> columns = new LinkedHashMap<>();
    private final String key;
    private final Resent resent;
    private volatile boolean refused;

    KeptRecord(Cursor cursor, String key, Resent resent) {
        for (int i = 0; i < cursor.columns().size(); i++) {
            columns.put(cursor.columns().get(i), cursor.values().get(i));
        }
        this.key = key;
        this.resent = resent;
    }

    /** Its key as it was kept. */
    String key() {
        return key;
    }

    /** The batch that it is in. */
    Resent resent() {
        return resent;
    }

    void refuse() {
        refused = true;
    }

    boolean isRefused() {
        return refused;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return columns.entrySet();
    }
}
