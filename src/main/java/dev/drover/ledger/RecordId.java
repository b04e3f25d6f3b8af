package dev.drover.ledger;

/** The identity of a record for other systems: the same in each process, and without the key in readable form. */
public final class RecordId {

    private static final int BYTES = 16;

    private RecordId() {}

    /**
     * 32 hexadecimal digits: another value for each key, each row that gets this key, and each pipeline.
     *
     * @param life distinguishes the row from another one that gets its key later, see {@link Settlement#life}
     * @throws IllegalArgumentException if a key value is of a type that no checkpoint can keep
     */
    public static String of(String pipeline, String life, Cursor key) {
        Sha256 hash = new Sha256().add(pipeline);
        if (!life.isEmpty()) {
            hash.add(life);
        }
        return hash.add(CursorJson.write(key)).hex(BYTES);
    }
}
