package dev.drover.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that has ended.
 *
 * @param pipeline whose batch it was; empty where it was of no pipeline
 * @param destination scheme, host and port, nothing else of the address
 * @param outcome {@code accepted}, {@code refused}, {@code too_large} or {@code failed}
 * @param status of HTTP; 0 if there was no answer
 * @param took from before it was sent to the end of the answer
 * @param concurrency how many attempts the destination gets at the same time now; 0 if there is no limit
 * @param failure why it was not accepted; null if it was
 */
public record Attempted(
        String pipeline,
        String destination,
        String outcome,
        int status,
        Duration took,
        int concurrency,
        @Nullable Exception failure) {}
