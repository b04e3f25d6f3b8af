package dev.drover.testing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What a receiver does instead of accepting; empty when this request does not concern it. Called by many threads. */
@FunctionalInterface
public interface Fault {

    Optional<Answer> answer(Request request);

    /** Nothing goes wrong. */
    static Fault none() {
        return request -> Optional.empty();
    }

    static Fault respond(int status) {
        return respond(status, Map.of());
    }

    static Fault respond(int status, Map<String, String> headers) {
        return request -> Optional.of(new Answer(status, headers, "status " + status + " on purpose"));
    }

    static Fault dropConnection() {
        return request -> Optional.of(Answer.DROPPED);
    }

    /** Refuses each request that has one of these records, whatever else is in it. */
    static Fault rejectRecords(int status, Integer... ids) {
        Set<Integer> poison = Set.of(ids);
        return request -> request.records().stream()
                        .anyMatch(record -> poison.contains(record.path("id").asInt()))
                ? Optional.of(new Answer(status, Map.of(), "poison"))
                : Optional.empty();
    }

    /** Takes no body of more bytes than these. */
    static Fault tooLarge(int bytes) {
        return request ->
                request.bytes() > bytes ? Optional.of(new Answer(413, Map.of(), "too large")) : Optional.empty();
    }

    /** Refuses every request while the switch says so. */
    static Fault refuseWhile(int status, BooleanSupplier refusing) {
        return request ->
                refusing.getAsBoolean() ? Optional.of(new Answer(status, Map.of(), "refused")) : Optional.empty();
    }

    /** Accepts late: after the time, or as soon as the latch opens. */
    static Fault slow(long millis, CountDownLatch opened) {
        return request -> {
            try {
                opened.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        };
    }

    /** This fault for the first requests that it concerns, then none. */
    default Fault times(int requests) {
        AtomicInteger left = new AtomicInteger(requests);
        return request ->
                left.get() <= 0 ? Optional.empty() : answer(request).filter(answer -> left.getAndDecrement() > 0);
    }
}
