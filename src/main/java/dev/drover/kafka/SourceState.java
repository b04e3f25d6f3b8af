package dev.drover.kafka;

import dev.drover.config.Mode;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the topic can be read, and how much of it is unread. Logs each change once. Used by the polling thread. */
final class SourceState {

    private static final Logger LOG = LoggerFactory.getLogger(SourceState.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Pipeline pipeline;
    private @Nullable String failed;
    private @Nullable String silent;
    private @Nullable String logged;

    SourceState(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    void answered() {
        failed = null;
        report();
    }

    /** A poll failed. Waits before the next one. */
    void failed(KafkaException failure) {
        failed = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        report();
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why the broker does not answer; empty if it does. */
    void silent(Optional<String> why) {
        silent = why.orElse(null);
        report();
    }

    /** Counts the unread records of the assigned partitions. */
    long unread(Consumer<?, ?> consumer) {
        long unread = 0;
        for (TopicPartition partition : consumer.assignment()) {
            unread += consumer.currentLag(partition).orElse(1);
        }
        pipeline.unread(unread);
        return unread;
    }

    /** Nothing more can be read: a draining pipeline is finished when all records are settled. */
    void finish() {
        if (pipeline.config().mode() == Mode.DRAIN) {
            pipeline.ledger().collecting().flush();
            if (pipeline.ledger().window() == 0 && pipeline.ledger().halted().isEmpty()) {
                pipeline.state(Pipeline.State.FINISHED);
            }
        }
    }

    private void report() {
        String why = failed == null ? silent : failed;
        pipeline.reading().unreadable(why);
        if (why != null && !Objects.equals(why, logged)) {
            LOG.warn("{}: nothing can be read, tried again: {}", pipeline.name(), why);
        } else if (why == null && logged != null) {
            LOG.info("{}: the topic can be read again", pipeline.name());
        }
        logged = why;
    }
}
