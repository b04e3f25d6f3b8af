package dev.drover.deadletter;

import dev.drover.store.DeadLetter;
import java.io.IOException;
import java.util.Optional;

/** What is sent of dead letters, and on which way. For one thread. */
interface Resending extends AutoCloseable {

    /** Why this one cannot be sent, for a sentence that begins with "they"; empty if it may be tried. */
    Optional<String> obstacle(DeadLetter letter);

    /** Only letters for which this says the same may be sent together. */
    String group(DeadLetter letter);

    /** The number of the run that the batches get. */
    long run();

    /** Sends them; returns when each is settled or given up. */
    void deliver(ReplayChunk chunk, ReplayCounts counts) throws InterruptedException;

    @Override
    void close() throws IOException;
}
