package dev.drover.kafka;

import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why the topic cannot be read; logged once when it begins and once when it ends. For the thread that polls. */
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
        tell();
    }

    /** A poll has failed; the next one follows after a pause. */
    void failed(KafkaException failure) {
        failed = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        tell();
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why nothing has come for long; empty if that is not so. */
    void silent(Optional<String> why) {
        silent = why.orElse(null);
        tell();
    }

    private void tell() {
        String why = failed == null ? silent : failed;
        pipeline.unreadable(why);
        if (why != null && !Objects.equals(why, logged)) {
            LOG.warn("{}: nothing can be read, tried again: {}", pipeline.name(), why);
        } else if (why == null && logged != null) {
            LOG.info("{}: the topic can be read again", pipeline.name());
        }
        logged = why;
    }
}
