package dev.drover.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the bytes of a body as JSON with the serializer itself, without keeping the text. Never fails: times count in
 * ISO form, and a body that Jackson cannot write counts as its text, because only the data format of the route knows how
 * it is written. Thread-safe.
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

    /** Groups of consecutive records with at most this share of all bytes. A record that is longer is a group by itself. */
    static List<List<BatchItem>> groups(List<BatchItem> items, double share) {
        long[] sizes = items.stream().mapToLong(item -> of(item.body())).toArray();
        double most = share * Arrays.stream(sizes).sum();
        List<List<BatchItem>> groups = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (i > from && bytes + sizes[i] > most) {
                groups.add(items.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += sizes[i];
        }
        groups.add(items.subList(from, items.size()));
        return groups;
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
