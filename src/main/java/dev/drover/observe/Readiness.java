package dev.drover.observe;

import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a part of the process works.
 *
 * @param ready whether it works, or has nothing to do
 * @param words why it does not work; otherwise what it does, empty for nothing special
 */
record Readiness(boolean ready, String words) {

    static final Readiness READY = new Readiness(true, "");

    /** How long the writers of a source may keep it from being read. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /** Not ready, for this reason. */
    static Readiness not(String why) {
        return new Readiness(false, why);
    }

    /**
     * The state of a pipeline that this process owns. It is ready too when it was stopped or has read all.
     *
     * @param still for how long nothing of what is in flight was settled
     * @param limit how long this may last before it is trouble
     */
    static Readiness of(Pipeline pipeline, Duration still, Duration limit) {
        Optional<String> halted = pipeline.ledger().halted();
        if (halted.isPresent()) {
            return not("halted, nothing more is read: " + halted.get());
        }
        if (pipeline.state() == Pipeline.State.STOPPED) {
            return new Readiness(true, "stopped");
        }
        if (pipeline.state() == Pipeline.State.FINISHED) {
            return new Readiness(true, "finished, all is settled");
        }
        return trouble(pipeline, still, limit).map(Readiness::not).orElse(READY);
    }

    private static Optional<String> trouble(Pipeline pipeline, Duration still, Duration limit) {
        if (!pipeline.ledger().settlement().lease().isHeld()) {
            return Optional.of("its lease has ended and cannot be renewed, nothing is sent until it can");
        }
        return pipeline.ledger()
                .alarmed()
                .map(why -> "the destination does not accept: " + why)
                .or(() -> pipeline.ledger()
                        .unwritable()
                        .map(failure -> "the store does not take the checkpoint: " + failure.inWords()))
                .or(() -> pipeline.ledger().lastUnstored().map(why -> "the store does not take a dead letter: " + why))
                .or(() -> pipeline.unreadable().map(why -> "the source cannot be read: " + why))
                .or(() -> pipeline.waited().compareTo(LONGEST_WAIT) < 0
                        ? Optional.empty()
                        : pipeline.waitsFor().map(what -> "nothing more can be read, waits for " + what))
                .or(() -> still.compareTo(limit) < 0 ? Optional.empty() : Optional.of(stalled(pipeline, still)));
    }

    private static String stalled(Pipeline pipeline, Duration still) {
        return "nothing was settled for " + still.toSeconds() + " s: "
                + pipeline.ledger().holder().map(StatusText::text).orElse("nothing is in flight");
    }
}
