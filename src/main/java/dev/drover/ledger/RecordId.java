package dev.drover.ledger;

/** The identity of a record for those outside: the same in each process, and its key cannot be read from it. */
public final class RecordId {

    private static final int BYTES = 16;

    private RecordId() {}

    /**
     * 32 hexadecimal digits, another value for each key, each row that gets it, and each pipeline.
     *
     * @param life what tells the row from another one that gets its key later, see {@link Settlement#life}
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
