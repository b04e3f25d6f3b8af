package dev.drover.observe;

import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Whether a part of the process works.
 *
 * @param ready whether it works or has nothing to do
 * @param words the reason, or a remark if it is ready; may be empty
 */
record Readiness(boolean ready, String words) {

    static final Readiness READY = new Readiness(true, "");

    /** How long open transactions of a source may delay reading. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    static Readiness not(String why) {
        return new Readiness(false, why);
    }

    /**
     * The readiness of a pipeline that this process owns. A stopped or finished pipeline is ready too.
     *
     * @param still for how long no record in flight was settled
     * @param limit the longest such time of a healthy pipeline
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
                .faults()
                .refusal()
                .map(why -> "the destination does not accept: " + why)
                .or(() -> pipeline.ledger().faults().alarm())
                .or(() -> pipeline.ledger()
                        .writing()
                        .unwritable()
                        .map(failure -> "the store does not take the checkpoint: " + failure.inWords()))
                .or(() -> pipeline.ledger()
                        .faults()
                        .storeFailure()
                        .map(why -> "the store does not take a dead letter: " + why))
                .or(() -> pipeline.reading().unreadable().map(why -> "the source cannot be read: " + why))
                .or(() -> pipeline.reading().waited().compareTo(LONGEST_WAIT) < 0
                        ? Optional.empty()
                        : pipeline.reading().waitsFor().map(what -> "nothing more can be read, waits for " + what))
                .or(() -> still.compareTo(limit) < 0 ? Optional.empty() : Optional.of(stalled(pipeline, still)));
    }

    private static String stalled(Pipeline pipeline, Duration still) {
        return "nothing was settled for " + still.toSeconds() + " s: "
                + pipeline.ledger().holder().map(PipelineReport::text).orElse("nothing is in flight");
    }

    /** A readiness check of Camel with the reason as its message. It does no I/O, so it answers at once. */
    static final class Check implements HealthCheck {

        private final String id;
        private final Supplier<Readiness> look;
        private boolean enabled = true;

        Check(String id, Supplier<Readiness> look) {
            this.id = id;
            this.look = look;
        }

        @Override
        public String getId() {
            return id;
        }

        @Override
        public String getGroup() {
            return "drover";
        }

        @Override
        public boolean isEnabled() {
            return enabled;
        }

        @Override
        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        @Override
        public Result call(Map<String, Object> options) {
            Readiness found = look.get();
            HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
            if (!found.words().isEmpty()) {
                result.message(Text.oneLine(found.words()));
            }
            return (found.ready() ? result.up() : result.down()).build();
        }
    }
}
