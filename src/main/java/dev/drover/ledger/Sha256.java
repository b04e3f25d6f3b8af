package dev.drover.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A hash of several texts. "a", "bc" and "ab", "c" have different hashes. Not thread-safe. */
public final class Sha256 {

    private final List<String> texts = new ArrayList<>();

    /** Adds a text without a zero character in it. */
    public Sha256 add(String text) {
        texts.add(text);
        return this;
    }

    /**
     * The hash of the texts so far, in hexadecimal digits.
     *
     * @param bytes the number of bytes to return, at most 32
     */
    public String hex(int bytes) {
        byte[] hash = digest().digest(String.join("\0", texts).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
