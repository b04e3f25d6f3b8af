package dev.drover.ledger;

/** The identity of a record for those outside: the same in each process, and its key cannot be read from it. */
public final class RecordId {

    private static final int BYTES = 16;

    private RecordId() {}

    /**
     * 32 hexadecimal digits, another value for each key and each pipeline.
     *
     * @throws IllegalArgumentException if a key value is of a type that no checkpoint can keep
     */
    public static String of(String pipeline, Cursor key) {
        return new Sha256().add(pipeline).add(CursorJson.write(key)).hex(BYTES);
    }
}
