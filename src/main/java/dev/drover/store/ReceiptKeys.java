package dev.drover.store;

import dev.drover.ledger.Cursor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The keys of the rows of a segment, and their digest, which does not depend on their order. Not thread-safe. */
public final class ReceiptKeys {

    private long high;
    private long low;
    private final PackedKeys packed;

    /** Creates an empty set of keys. */
    public ReceiptKeys() {
        this.packed = new PackedKeys();
    }

    private ReceiptKeys(ReceiptKeys other) {
        this.high = other.high;
        this.low = other.low;
        this.packed = new PackedKeys(other.packed);
    }

    ReceiptKeys copy() {
        return new ReceiptKeys(this);
    }

    /**
     * The values of a key in a form that does not depend on the driver: a whole number as a {@link Long} if it fits,
     * everything else as a text. Keys with equal numbers are equal.
     */
    public static List<Object> plain(Cursor key) {
        List<Object> values = key.values();
        if (values.size() == 1) {
            return List.of(plain(values.get(0)));
        }
        Object[] plain = new Object[values.size()];
        Arrays.setAll(plain, part -> plain(values.get(part)));
        return List.of(plain);
    }

    private static Object plain(Object value) {
        if (value instanceof Long) {
            return value;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Boolean truth) {
            return truth ? 1L : 0L;
        }
        if (value instanceof BigInteger whole) {
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole.toString();
        }
        if (value instanceof BigDecimal decimal) {
            BigDecimal shortest = decimal.stripTrailingZeros();
            return shortest.scale() <= 0 && shortest.precision() - shortest.scale() < 19
                    ? (Object) shortest.longValue()
                    : shortest.toPlainString();
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant().toString();
        }
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
    }

    /** Adds a key in the form of {@link #plain}. */
    public void add(List<Object> key) {
        count(key);
        packed.add(key);
    }

    /** Adds a key to the digest, which consists of the sums of two independent hashes of 64 bits. */
    private void count(List<Object> key) {
        long one = 0x9e3779b97f4a7c15L;
        long other = 0xd1b54a32d192ed03L;
        for (Object part : key) {
            if (part instanceof Long whole) {
                one = mixed(one ^ whole);
                other = mixed(other + Long.rotateLeft(whole, 32) * 0xff51afd7ed558ccdL);
            } else {
                String text = (String) part;
                for (int i = 0; i < text.length(); i++) {
                    one = (one ^ text.charAt(i)) * 0x100000001b3L;
                    other = Long.rotateLeft(other, 5) * 0xc4ceb9fe1a85ec53L + text.charAt(i);
                }
                one = mixed(one + text.length());
                other = mixed(other ^ ~text.length());
            }
        }
        high += one;
        low += other;
    }

    /** The finalizer of SplitMix64: each bit of the result depends on each bit of the number. */
    private static long mixed(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** The digest of the keys in any order: 32 hexadecimal digits. */
    public String digest() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    PackedKeys packed() {
        return packed;
    }
}
