package dev.drover.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** How many bytes a body takes as JSON, measured by the serializer itself and without keeping the text. */
final class JsonSize {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonSize() {}

    static long of(Object body) {
        Counter counter = new Counter();
        try {
            MAPPER.writeValue(counter, body);
        } catch (IOException e) {
            throw new UncheckedIOException("a record can not be written as JSON", e);
        }
        return counter.bytes;
    }

    private static final class Counter extends OutputStream {

        private long bytes;

        @Override
        public void write(int oneByte) {
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes += length;
        }
    }
}
