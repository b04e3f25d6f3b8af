package dev.drover.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * How many bytes a body takes as JSON, measured by the serializer itself and without keeping the text. Never fails:
 * times are counted in ISO form, a body that Jackson does not write as its text, since only the route knows how, and
 * whether, its format writes it.
 */
final class JsonSize {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private JsonSize() {}

    static long of(Object body) {
        Counter counter = new Counter();
        try {
            MAPPER.writeValue(counter, body);
        } catch (IOException e) {
            return String.valueOf(body).getBytes(StandardCharsets.UTF_8).length;
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
