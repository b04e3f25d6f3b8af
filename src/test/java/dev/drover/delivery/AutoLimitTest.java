package dev.drover.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A simulation of a service that changes, on a clock of its own. */
class AutoLimitTest {

    private static final int WORKERS = 64;
    private static final long MILLI = 1_000_000;
    private static final long PHASE = 60_000 * MILLI;
    private static final AttemptEnd ACCEPTED = AttemptEnd.of(null, Optional.empty(), Set.of());
    private static final AttemptEnd REFUSED =
            AttemptEnd.of(new HttpOperationFailedException("", 429, "", null, null, null), Optional.empty(), Set.of());

    /**
     * How the service is for a minute.
     *
     * @param millis how long a batch of 500 records takes while there are free threads
     * @param threads how many requests it works on at the same time; more of them share these
     * @param most how many requests it takes at the same time; more of them get a 429
     */
    private record Phase(int millis, int threads, int most) {}

    /**
     * What came of the attempts.
     *
     * @param most how many the service had at the same time
     */
    private record Result(long accepted, long refused, int most) {}

    @Test
    void shouldNearlyDeliverWhatTheBestFixedSettingDoes() {
        shouldNearlyDeliverWhatTheBestFixedSettingDoes(16, 32, true);
    }

    @Test
    void shouldNotFillAServiceThatTakesAllAndOnlyGetsSlower() {
        shouldNearlyDeliverWhatTheBestFixedSettingDoes(8, 1000, false);
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource({"16, 16, false", "16, 32, false", "16, 16, true", "8, 1000, true"})
    void shouldNearlyDeliverWhatTheBestFixedSettingDoes(int threads, int most, boolean sizesDiffer) {
        // Given
        List<Phase> service = List.of(
                new Phase(20, threads, most),
                new Phase(200, threads, most),
                new Phase(20, threads, 4),
                new Phase(20, threads, most));
        long best = IntStream.of(4, 8, 16, 24, 32, 48, WORKERS)
                .mapToLong(fixed -> run(service, fixed, sizesDiffer).accepted())
                .max()
                .orElseThrow();

        // When
        Result found = run(service, GateOptions.AUTO, sizesDiffer);

        // Then
        double share = (double) found.refused() / (found.accepted() + found.refused());
        System.out.printf(
                "%d threads, %d requests at most: %.1f %% of the best fixed setting, %.2f %% refused%n",
                threads, most, 100.0 * found.accepted() / best, 100 * share);
        assertThat(found.accepted()).isGreaterThan(best * 9 / 10);
        assertThat(share).isLessThan(0.01);
        assertThat(found.most()).isLessThan(WORKERS);
    }

    private static Result run(List<Phase> service, int concurrency, boolean sizesDiffer) {
        return new Simulation(service, concurrency, sizesDiffer).run();
    }

    /** Workers with endless batches, of which a refused one is sent again after half a second. */
    private static final class Simulation {

        private record Event(long time, Runnable happens, int number) {}

        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingInt(Event::number));
        private final Random random = new Random(1);
        private final List<Phase> service;
        private final HostLimit limit;
        private final boolean sizesDiffer;
        private long now;
        private int number;
        private int free = WORKERS;
        private int atService;
        private int most;
        private long accepted;
        private long refused;

        Simulation(List<Phase> service, int concurrency, boolean sizesDiffer) {
            GateOptions options = new GateOptions();
            options.concurrency = concurrency;
            this.service = service;
            this.limit = new HostLimit(options, () -> now);
            this.sizesDiffer = sizesDiffer;
        }

        Result run() {
            long end = PHASE * service.size();
            while (now < end) {
                send(service.get((int) (now / PHASE)));
                most = Math.max(most, atService);
                Event next = events.remove();
                now = next.time();
                next.happens().run();
            }
            return new Result(accepted, refused, most);
        }

        private void send(Phase phase) {
            int records = sizesDiffer ? 1 + random.nextInt(500) : 500;
            while (free > 0 && limit.take(records, () -> true)) {
                free--;
                long began = now;
                if (atService >= phase.most()) {
                    after(1, () -> refuse(records, began));
                } else {
                    atService++;
                    double load = Math.max(1, (double) atService / phase.threads());
                    double noise = 0.7 + 0.6 * random.nextDouble();
                    after(phase.millis() * (0.2 + 0.8 * records / 500) * load * noise, () -> accept(records, began));
                }
            }
        }

        private void accept(int records, long began) {
            atService--;
            free++;
            accepted++;
            limit.ended(ACCEPTED, records, began);
        }

        private void refuse(int records, long began) {
            refused++;
            limit.ended(REFUSED, records, began);
            after(250 + random.nextInt(250), () -> free++);
        }

        private void after(double millis, Runnable happens) {
            events.add(new Event(now + (long) (millis * MILLI), happens, number++));
        }
    }
}
