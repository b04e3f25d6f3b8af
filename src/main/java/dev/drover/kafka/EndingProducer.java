package dev.drover.kafka;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A producer that ends when it is closed, also while the broker is away: the stock one waits as long as its delivery may
 * take, which is for ever where the order of a key must not be broken. What it gives up is published by the next process,
 * since the checkpoint has not passed it.
 */
final class EndingProducer extends KafkaProducer<Object, Object> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    EndingProducer(Properties settings) {
        super(settings);
    }

    @Override
    public void close() {
        close(PATIENCE);
    }
}
