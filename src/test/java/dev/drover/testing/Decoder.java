package dev.drover.testing;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Decodes the values of a topic as text, and does before what the test says: where others ask a registry of schemas, which
 * may be slow or away. Made by Kafka's client, by its name, on the thread that polls.
 */
public final class Decoder extends StringDeserializer {

    private static volatile Consumer<String> before = value -> {};

    /** From now on, with each value, in all of them. */
    public static void before(Consumer<String> next) {
        before = next;
    }

    @Override
    public String deserialize(String topic, Headers headers, ByteBuffer data) {
        String value = super.deserialize(topic, headers, data);
        before.accept(value);
        return value;
    }
}
