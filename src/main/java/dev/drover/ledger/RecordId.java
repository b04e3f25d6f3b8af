package dev.drover.ledger;

/** The id of a record for other systems. It is the same in each process and does not show the key. */
public final class RecordId {

    private static final int BYTES = 16;

    private RecordId() {}

    public static String of(Ledger ledger, Cursor key) {
        return of(ledger.pipeline(), ledger.settlement().life(key), key);
    }

    /**
     * 32 hexadecimal digits, different for each pipeline, key and life.
     *
     * @param life distinguishes the row from another row that gets its key later, see {@link Settlement#life}
     * @throws IllegalArgumentException if a checkpoint cannot store the type of a key value
     */
    public static String of(String pipeline, String life, Cursor key) {
        Sha256 hash = new Sha256().add(pipeline);
        if (!life.isEmpty()) {
            hash.add(life);
        }
        return hash.add(CursorJson.write(key)).hex(BYTES);
    }

    /** Adds the key of a record and its {@link Settlement#life} to the hash of a batch or a dead letter. */
    public static void addTo(Sha256 hash, Ledger ledger, Cursor key) {
        String life = ledger.settlement().life(key);
        if (!life.isEmpty()) {
            hash.add(life);
        }
        key.texts().forEach(hash::add);
    }
}
