package dev.drover.store;

import dev.drover.ledger.Cursor;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows of a segment: their digest, which is the same in any order, and the keys themselves as few bytes.
 * A whole number is stored as its distance from the one before, a UUID as its 16 bytes, another text without what it shares
 * with the one before. Distances are compressed; it would cost texts more time than it saves room. Used by one thread.
 */
public final class ReceiptKeys {

    /** More bytes than these are not kept: the keys of so long a segment have their digest only. */
    private static final int MOST = 1 << 20;

    private static final int TEXT = 0;
    private static final int UUID_TEXT = 1;
    private static final int DISTANCE = 2;
    private static final int LARGEST_TAG = 255;

    private long high;
    private long low;
    private byte[] packed;
    private int length;
    private boolean wholeNumbers = true;
    private List<Object> before = List.of();

    /** No keys yet. */
    public ReceiptKeys() {
        this.packed = new byte[256];
    }

    private ReceiptKeys(ReceiptKeys other) {
        this.high = other.high;
        this.low = other.low;
        this.packed = Arrays.copyOf(other.packed, other.packed.length);
        this.length = other.length;
        this.wholeNumbers = other.wholeNumbers;
        this.before = other.before;
    }

    ReceiptKeys copy() {
        return new ReceiptKeys(this);
    }

    /**
     * The values of a key as any driver and type has them: a whole number as a {@link Long} if it fits, everything else as
     * a text. Two keys that compare equal as numbers are equal.
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

    /** Adds a key, as {@link #plain} makes it. */
    public void add(List<Object> key) {
        count(key);
        if (length > MOST) {
            return;
        }
        for (int part = 0; part < key.size(); part++) {
            Object last = before.isEmpty() ? null : before.get(part);
            if (key.get(part) instanceof Long whole) {
                pack(whole - (last instanceof Long known ? known : 0));
            } else {
                pack((String) key.get(part), last instanceof String known ? known : "");
            }
        }
        before = key;
    }

    /** Two sums of two hashes of 64 bits, neither of which says anything of the other. */
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

    /** The digest of the keys that were added, 32 hexadecimal digits, whatever their order. */
    public String digest() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    /** How many bytes they have before they are compressed. */
    int length() {
        return length;
    }

    private void pack(long distance) {
        if (distance > 0 && distance <= LARGEST_TAG - DISTANCE) {
            put((int) distance + DISTANCE);
        } else {
            put(DISTANCE);
            number((distance << 1) ^ (distance >> 63));
        }
    }

    private void pack(String text, String last) {
        wholeNumbers = false;
        UUID uuid = uuid(text);
        if (uuid != null) {
            put(UUID_TEXT);
            bytes(uuid.getMostSignificantBits());
            bytes(uuid.getLeastSignificantBits());
            return;
        }
        int most = Math.min(text.length(), last.length());
        int shared = 0;
        while (shared < most && text.charAt(shared) == last.charAt(shared)) {
            shared++;
        }
        if (shared > 0 && Character.isHighSurrogate(text.charAt(shared - 1))) {
            shared--;
        }
        byte[] rest = text.substring(shared).getBytes(StandardCharsets.UTF_8);
        put(TEXT);
        number(shared);
        number(rest.length);
        for (byte each : rest) {
            put(each);
        }
    }

    /** Null unless the text is exactly what a UUID writes. */
    private static @Nullable UUID uuid(String text) {
        if (text.length() != 36 || text.charAt(8) != '-') {
            return null;
        }
        try {
            UUID uuid = UUID.fromString(text);
            return uuid.toString().equals(text) ? uuid : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void bytes(long number) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((int) (number >>> shift));
        }
    }

    private void number(long number) {
        long left = number;
        while ((left & ~0x7fL) != 0) {
            put((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        put((int) left);
    }

    private void put(int value) {
        if (length == packed.length) {
            packed = Arrays.copyOf(packed, 2 * length);
        }
        packed[length++] = (byte) value;
    }

    /** The keys as bytes, for {@link #read}; null if they are too many to be kept. */
    byte @Nullable [] compressed() {
        if (length > MOST) {
            return null;
        }
        Deflater deflater = new Deflater(wholeNumbers ? Deflater.BEST_SPEED : Deflater.NO_COMPRESSION);
        try {
            deflater.setInput(packed, 0, length);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(length / 4 + 64);
            byte[] some = new byte[4096];
            while (!deflater.finished()) {
                out.write(some, 0, deflater.deflate(some));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /**
     * The keys, each as {@link #plain} makes it.
     *
     * @param parts how many columns a key has
     * @throws IllegalStateException if the bytes are no keys
     */
    public static List<List<Object>> read(byte[] compressed, int parts) {
        try {
            ByteBuffer in = ByteBuffer.wrap(inflated(compressed));
            List<List<Object>> keys = new ArrayList<>();
            Object[] key = new Object[parts];
            Arrays.fill(key, "");
            while (in.hasRemaining()) {
                for (int part = 0; part < parts; part++) {
                    key[part] = part(in, key[part]);
                }
                keys.add(List.of(key.clone()));
            }
            return keys;
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalStateException(
                    "the keys of a receipt are corrupt (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Object part(ByteBuffer in, Object before) {
        int tag = in.get() & 0xff;
        if (tag == UUID_TEXT) {
            return new UUID(in.getLong(), in.getLong()).toString();
        }
        if (tag != TEXT) {
            long last = before instanceof Long known ? known : 0;
            long zigzag = tag == DISTANCE ? number(in) : 0;
            return last + (tag == DISTANCE ? (zigzag >>> 1) ^ -(zigzag & 1) : tag - DISTANCE);
        }
        String last = before instanceof String known ? known : "";
        int shared = (int) number(in);
        byte[] rest = new byte[(int) number(in)];
        in.get(rest);
        return last.substring(0, shared) + new String(rest, StandardCharsets.UTF_8);
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; true; shift += 7) {
            byte next = in.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    private static byte[] inflated(byte[] compressed) throws DataFormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] some = new byte[8192];
            while (!inflater.finished()) {
                int more = inflater.inflate(some);
                if (more == 0) {
                    throw new DataFormatException("it ends early");
                }
                out.write(some, 0, more);
            }
            return out.toByteArray();
        } finally {
            inflater.end();
        }
    }
}
