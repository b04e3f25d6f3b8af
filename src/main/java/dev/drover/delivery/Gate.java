package dev.drover.delivery;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the attempts at one address pass. Closed while the destination has asked for a pause, and after too many attempts
 * failed; then one attempt at a time finds out whether it is back, and opens the gate for all. Knows how large a body
 * the destination takes, from what it answered. Thread-safe.
 */
final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final Duration FIRST_CLOSED = Duration.ofSeconds(1);

    private final String address;
    private final String origin;
    private final GateOptions options;
    private final HostLimit limit;
    private final CircuitBreaker breaker;
    private final AtomicLong pausedUntil = new AtomicLong(System.nanoTime());
    private final AtomicReference<String> lastFailure = new AtomicReference<>("");
    private final BodyLimit bodyLimit = new BodyLimit();

    /** Since when it has asked for a pause and accepted nothing; null if it has not. */
    private volatile @Nullable Long pausing;

    /**
     * A gate that is open.
     *
     * @param address for messages
     * @param origin scheme, host and port
     * @param limit what the host may be sent, through all its gates
     */
    Gate(String address, String origin, GateOptions options, HostLimit limit) {
        this.address = address;
        this.origin = origin;
        this.options = options;
        this.limit = limit;
        this.breaker = CircuitBreaker.of(address, config(options));
        breaker.getEventPublisher()
                .onStateTransition(event -> LOG.debug("{}: {}", address, event.getStateTransition()));
    }

    private static CircuitBreakerConfig config(GateOptions options) {
        int attempts = options.closeAfter == 0 ? Integer.MAX_VALUE : options.closeAfter;
        return CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(Math.min(attempts, 1000))
                .minimumNumberOfCalls(attempts)
                .failureRateThreshold(50)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitIntervalFunctionInOpenState(
                        IntervalFunction.ofExponentialRandomBackoff(FIRST_CLOSED, 2, 0.5, options.longestClosed))
                .writableStackTraceEnabled(false)
                .build();
    }

    /** Scheme, host and port: what may be told of the address to anybody. */
    String origin() {
        return origin;
    }

    /**
     * Whether an attempt with so many records may be made now; it must then be ended by {@link #ended} or
     * {@link #givenBack}.
     */
    boolean pass(int records) {
        return limit.take(records, () -> System.nanoTime() - pausedUntil.get() >= 0 && breaker.tryAcquirePermission());
    }

    /** What the host may be sent. */
    HostLimit limit() {
        return limit;
    }

    /** Why it is closed, if that is for too many failures or for more than the longest pause. */
    Optional<String> closed() {
        Long since = pausing;
        boolean pausesOn = since != null && System.nanoTime() - since >= options.longestPause.toNanos();
        return breaker.getState() == CircuitBreaker.State.CLOSED && !pausesOn
                ? Optional.empty()
                : Optional.of(address + " does not accept (" + lastFailure.get() + ")");
    }

    /** The attempt was not made. */
    void givenBack() {
        limit.givenBack();
        breaker.releasePermission();
    }

    /**
     * The attempt was made, and ended with this failure or with none.
     *
     * @param told what an answer of success says of a rate limit
     */
    AttemptEnd ended(Load load, @Nullable Exception failure, Optional<Quota> told) {
        AttemptEnd end = AttemptEnd.of(failure, told, options.finalStatuses);
        limit.ended(end, load.records(), load.began());
        switch (end.kind()) {
            case ACCEPTED -> {
                pausing = null;
                bodyLimit.accepted(load.bytes());
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            }
            case TOO_LARGE -> {
                pausing = null;
                bodyLimit.refused(load.bytes());
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            }
            case REFUSED -> {
                pausing = null;
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            }
            case FAILED -> {
                if (pausing == null && end.pause().isPresent()) {
                    pausing = System.nanoTime();
                }
                lastFailure.set(end.reason());
                breaker.onError(0, TimeUnit.NANOSECONDS, new AttemptFailedException());
            }
            case NOT_MADE -> breaker.releasePermission();
        }
        end.pause().ifPresent(this::pause);
        return end;
    }

    private void pause(Duration asked) {
        Duration pause = asked;
        if (asked.compareTo(options.longestPause) > 0) {
            pause = options.longestPause;
            LOG.warn(
                    "{} asks to wait {} s, it is tried again after {} s",
                    address,
                    asked.toSeconds(),
                    pause.toSeconds());
        }
        long until = System.nanoTime() + pause.toNanos();
        pausedUntil.accumulateAndGet(until, (known, next) -> next - known > 0 ? next : known);
    }

    /** How large a body may be, as far as the destination has shown it. */
    BodyLimit bodyLimit() {
        return bodyLimit;
    }

    /**
     * What an attempt carries.
     *
     * @param bytes of its body; 0 if that is not known
     * @param records in it
     * @param began when it was made, as {@link System#nanoTime}
     */
    record Load(long bytes, int records, long began) {}

    /** Only counted, never thrown. */
    private static final class AttemptFailedException extends Exception {

        private static final long serialVersionUID = 1;

        AttemptFailedException() {
            super("the attempt failed", null, false, false);
        }
    }
}
