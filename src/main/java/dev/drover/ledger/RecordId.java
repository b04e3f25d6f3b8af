package dev.drover.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The identity of a record for those outside: the same in each process, and its key can not be read from it. */
public final class RecordId {

    private static final int BYTES = 16;

    private RecordId() {}

    /**
     * 32 hexadecimal digits, another value for each key and each pipeline.
     *
     * @throws IllegalArgumentException if a key value is of a type that no checkpoint can keep
     */
    public static String of(String pipeline, Cursor key) {
        MessageDigest digest = sha256();
        digest.update(pipeline.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        byte[] hash = digest.digest(CursorJson.write(key).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
