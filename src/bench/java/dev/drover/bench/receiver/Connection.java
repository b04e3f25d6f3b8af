package dev.drover.bench.receiver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * One sender: takes its bytes apart as they come, and keeps none of a body. A client that waits for its answer sends
 * no second request before it, which is all that is understood here. Not thread-safe.
 */
final class Connection {

    private static final String END = "\r\n";

    private enum Reading {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        LAST_LINE
    }

    private final SocketChannel channel;
    private final IdFinder ids = new IdFinder();
    private final StringBuilder line = new StringBuilder();
    private Reading reading = Reading.HEAD;
    private String path = "";
    private boolean posted;
    private boolean chunked;
    private boolean complete;
    private long left;

    Connection(SocketChannel channel) {
        this.channel = channel;
    }

    SocketChannel channel() {
        return channel;
    }

    /** A whole answer with this body. */
    static byte[] answer(String body) {
        return ("HTTP/1.1 200 OK" + END + "Content-Length: " + body.length() + END + END + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes what arrived; gives the path when a request is complete with it. */
    Optional<String> take(byte[] bytes, int length, Counts counts) {
        complete = false;
        int at = 0;
        while (at < length) {
            at = isBody() ? body(bytes, at, length, counts) : line(bytes, at, length);
        }
        if (!complete) {
            return Optional.empty();
        }
        if (posted) {
            counts.request();
        }
        return Optional.of(path);
    }

    private boolean isBody() {
        return reading == Reading.BODY || reading == Reading.CHUNK;
    }

    private int body(byte[] bytes, int from, int length, Counts counts) {
        int taken = (int) Math.min(left, length - from);
        counts.body(bytes, from, from + taken, ids);
        left -= taken;
        if (left == 0) {
            complete = reading == Reading.BODY;
            reading = complete ? Reading.HEAD : Reading.CHUNK_END;
        }
        return from + taken;
    }

    /** Takes bytes up to the end of a line, and the line if it is whole. */
    private int line(byte[] bytes, int from, int length) {
        for (int at = from; at < length; at++) {
            if (bytes[at] == '\n') {
                String whole = line.toString().strip();
                line.setLength(0);
                line(whole);
                return at + 1;
            }
            line.append((char) bytes[at]);
        }
        return length;
    }

    private void line(String text) {
        switch (reading) {
            case HEAD -> head(text);
            case CHUNK_SIZE -> {
                left = Long.parseLong(text, 16);
                reading = left == 0 ? Reading.LAST_LINE : Reading.CHUNK;
            }
            case CHUNK_END -> reading = Reading.CHUNK_SIZE;
            default -> {
                complete = text.isEmpty();
                reading = complete ? Reading.HEAD : Reading.LAST_LINE;
            }
        }
    }

    private void head(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (text.endsWith(" HTTP/1.1")) {
            posted = text.startsWith("POST ");
            path = text.split(" ", -1)[1];
            chunked = false;
            left = 0;
        } else if (lower.startsWith("content-length:")) {
            left = Long.parseLong(lower.substring("content-length:".length()).strip());
        } else if (lower.startsWith("transfer-encoding:")) {
            chunked = lower.endsWith("chunked");
        } else if (text.isEmpty()) {
            complete = !chunked && left == 0;
            reading = complete ? Reading.HEAD : chunked ? Reading.CHUNK_SIZE : Reading.BODY;
        }
    }

    void write(byte[] answer) {
        try {
            ByteBuffer left = ByteBuffer.wrap(answer);
            while (left.hasRemaining()) {
                int unused = channel.write(left);
            }
        } catch (IOException e) {
            close();
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            System.err.println("a connection did not close: " + e.getMessage());
        }
    }
}
