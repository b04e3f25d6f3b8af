package dev.drover.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A hash of several texts, each by itself: two of them never read as two others. Used by one thread. */
public final class Sha256 {

    private final MessageDigest digest;
    private boolean begun;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds a text without a zero byte in it. */
    public Sha256 add(String text) {
        if (begun) {
            digest.update((byte) 0);
        }
        begun = true;
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /**
     * The hash of what was added, in hexadecimal digits; nothing is added to it any more.
     *
     * @param bytes how many of its 32 bytes
     */
    public String hex(int bytes) {
        return HexFormat.of().formatHex(digest.digest(), 0, bytes);
    }
}
