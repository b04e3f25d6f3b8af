package dev.drover.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys in few bytes. A whole number is stored as its distance from the preceding one, a UUID as its 16 bytes, and another
 * text without the beginning that it shares with the preceding one. Only distances are compressed, because compressing
 * texts takes more time than it is worth. Not thread-safe.
 */
final class PackedKeys {

    /** The largest number of bytes. Longer keys are not stored. */
    private static final int MOST = 1 << 20;

    private static final int TEXT = 0;
    private static final int UUID_TEXT = 1;
    private static final int DISTANCE = 2;
    private static final int LARGEST_TAG = 255;

    private byte[] packed;
    private int length;
    private boolean wholeNumbers = true;
    private List<Object> before = List.of();

    PackedKeys() {
        this.packed = new byte[256];
    }

    PackedKeys(PackedKeys other) {
        this.packed = Arrays.copyOf(other.packed, other.packed.length);
        this.length = other.length;
        this.wholeNumbers = other.wholeNumbers;
        this.before = other.before;
    }

    /** The number of bytes before compression. */
    int length() {
        return length;
    }

    /** Adds a key in the form of {@link ReceiptKeys#plain}. */
    void add(List<Object> key) {
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

    /** The UUID with exactly this text; null if there is none. */
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

    /** The keys as bytes for {@link #read}; null if they are too long to be stored. */
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
     * The keys in the form of {@link ReceiptKeys#plain}.
     *
     * @param parts the number of key columns
     * @throws IllegalStateException if the bytes are corrupt
     */
    static List<List<Object>> read(byte[] compressed, int parts) {
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
        } catch (IOException | RuntimeException e) {
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

    private static byte[] inflated(byte[] compressed) throws IOException {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }
}
