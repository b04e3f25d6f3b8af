package dev.drover.pages;

import dev.drover.config.Mode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wait of a pipeline for rows that are committed, or may be, and cannot be read yet. Status shows it at once; the
 * log tells of it after ten seconds, and again whenever it has lasted twice as long. A run that drains does not end
 * meanwhile: it waits for so long, and is halted then. For one thread.
 */
final class ReadingWait {

    private static final Logger LOG = LoggerFactory.getLogger(ReadingWait.class);
    private static final Duration FIRST_TOLD = Duration.ofSeconds(10);

    private final Pipeline pipeline;
    private final Duration patience;
    private Duration told = FIRST_TOLD;

    /**
     * No wait yet.
     *
     * @param patience how long a run that drains waits
     */
    ReadingWait(Pipeline pipeline, Duration patience) {
        this.pipeline = pipeline;
        this.patience = patience;
    }

    /**
     * Waits, still or from now on; null if it does not.
     *
     * @param reason what for
     */
    void now(@Nullable String reason) {
        pipeline.waitsFor(reason);
        if (reason == null) {
            told = FIRST_TOLD;
            return;
        }
        Duration waited = pipeline.waited();
        if (waited.compareTo(told) >= 0) {
            told = waited.multipliedBy(2);
            LOG.warn(
                    "{}: nothing more can be read for {} s, waits for {}", pipeline.name(), waited.toSeconds(), reason);
        }
        if (pipeline.config().mode() == Mode.DRAIN && waited.compareTo(patience) >= 0) {
            pipeline.ledger()
                    .halt("not drained: rows are left that could not be read for " + waited.toSeconds()
                            + " s, waited for " + reason + "; run again when that has ended");
        }
    }
}
