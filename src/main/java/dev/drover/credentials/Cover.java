package dev.drover.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Covers secrets where they stand in an answer, with as many asterisks as they take up, so that no length of the answer
 * changes: as they are, with characters escaped as in URLs, JSON and HTML, in hex, and in base64, also as a part of
 * something longer. A secret of fewer than eight characters is covered where it stands by itself only, and not in hex
 * or base64. Immutable.
 */
final class Cover {

    private static final int LONG_ENOUGH = 8;
    private static final byte ASTERISK = '*';

    private final List<Needle> needles;
    private final boolean[] first = new boolean[256];

    private Cover(List<Needle> needles) {
        this.needles = needles;
        needles.forEach(needle -> needle.markFirst(first));
    }

    static Cover of(Collection<String> secrets) {
        return new Cover(secrets.stream().distinct().flatMap(Cover::needles).toList());
    }

    private static Stream<Needle> needles(String secret) {
        if (secret.length() < LONG_ENOUGH) {
            return Stream.of(new Needle(secret, true));
        }
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        List<String> forms = new ArrayList<>(List.of(
                secret,
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes)));
        forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        for (int before = 0; before < 3; before++) {
            forms.add(inside(Base64.getEncoder(), bytes, before));
            forms.add(inside(Base64.getUrlEncoder(), bytes, before));
        }
        return forms.stream()
                .distinct()
                .filter(form -> form.length() >= LONG_ENOUGH)
                .map(form -> new Needle(form, false));
    }

    /** The characters of base64 that depend on the secret alone when so many bytes stand before it. */
    private static String inside(Base64.Encoder encoder, byte[] secret, int before) {
        byte[] all = new byte[before + secret.length];
        System.arraycopy(secret, 0, all, before, secret.length);
        return encoder.encodeToString(all).substring((before * 8 + 5) / 6, all.length * 8 / 6);
    }

    /** Whether what went wrong, or a cause of it, shows a secret. */
    boolean isNeededBy(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(String::valueOf)
                .anyMatch(text -> !put(text).equals(text));
    }

    String put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(bytes, 0, bytes.length, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Covers what begins in a range.
     *
     * @param limit the end of the range
     * @param end up to where the bytes are known
     * @return the limit, or the end of what began before it
     */
    int put(byte[] bytes, int from, int limit, int end) {
        int at = from;
        while (at < limit) {
            int length = first[bytes[at] & 0xff] ? longestAt(bytes, at, end) : 0;
            Arrays.fill(bytes, at, at + length, ASTERISK);
            at += Math.max(length, 1);
        }
        return at;
    }

    private int longestAt(byte[] bytes, int at, int end) {
        int length = 0;
        for (Needle needle : needles) {
            length = Math.max(length, needle.lengthAt(bytes, at, end));
        }
        return length;
    }

    /** The same bytes, covered while they are read. */
    InputStream stream(InputStream in) {
        return new CoveredStream(in, this);
    }

    /** How many bytes after the first one of a secret must be known to find it. */
    private int reach() {
        return needles.stream().mapToInt(Needle::longest).max().orElse(0) + 1;
    }

    /** Covers the status line, the headers and, while it is read, the body. */
    void put(ClassicHttpResponse response) {
        if (needles.isEmpty()) {
            return;
        }
        if (response.getReasonPhrase() != null) {
            response.setReasonPhrase(put(response.getReasonPhrase()));
        }
        Header[] headers = response.getHeaders();
        for (int i = 0; i < headers.length; i++) {
            headers[i] = covered(headers[i]);
        }
        response.setHeaders(headers);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            response.setEntity(new CoveredEntity(entity));
        }
    }

    private Header covered(Header header) {
        String value = header.getValue() == null ? "" : put(header.getValue());
        return value.equals(header.getValue()) ? header : new BasicHeader(header.getName(), value);
    }

    private final class CoveredEntity extends HttpEntityWrapper {

        CoveredEntity(HttpEntity entity) {
            super(entity);
        }

        @Override
        public InputStream getContent() throws IOException {
            return stream(super.getContent());
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            try (InputStream in = getContent()) {
                in.transferTo(out);
            }
        }
    }

    /**
     * Reads on as far as a secret can reach before it hands out what it has read, so that none is missed where two reads
     * meet. As many bytes come out as go in. Not thread-safe.
     */
    private static final class CoveredStream extends InputStream {

        private static final int CHUNK = 8192;

        private final InputStream in;
        private final Cover cover;
        private final byte[] buffer;
        private int next;
        private int covered;
        private int end;
        private boolean ended;

        CoveredStream(InputStream in, Cover cover) {
            this.in = in;
            this.cover = cover;
            this.buffer = new byte[CHUNK + cover.reach()];
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (next == covered) {
                fill();
            }
            if (next == covered) {
                return -1;
            }
            int count = Math.min(length, covered - next);
            System.arraycopy(buffer, next, target, offset, count);
            next += count;
            return count;
        }

        private void fill() throws IOException {
            int kept =
                    Math.max(next - 1, 0); // one more: whether a secret stands by itself depends on what is before it
            System.arraycopy(buffer, kept, buffer, 0, end - kept);
            next -= kept;
            end -= kept;
            while (!ended && end < buffer.length) {
                int count = in.read(buffer, end, buffer.length - end);
                ended = count < 0;
                end += Math.max(count, 0);
            }
            covered = cover.put(buffer, next, ended ? end : end - cover.reach(), end);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
