package dev.drover.console;

import dev.drover.delivery.AttemptListener;
import dev.drover.delivery.Attempted;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.apache.camel.Exchange;

/** Counts the attempts at each destination of each pipeline. Costs a few additions per attempt. Thread-safe. */
final class Meter implements AttemptListener {

    private static final int MOST = 20;

    private final Map<String, Map<String, DestinationMeter>> byPipeline = new ConcurrentHashMap<>();

    @Override
    public Consumer<Attempted> begin(Exchange exchange, String destination) {
        return this::ended;
    }

    private void ended(Attempted attempt) {
        Map<String, DestinationMeter> meters =
                byPipeline.computeIfAbsent(attempt.pipeline(), any -> new ConcurrentSkipListMap<>());
        // a route may make an address of each record
        String address =
                meters.size() < MOST || meters.containsKey(attempt.destination()) ? attempt.destination() : "others";
        meters.computeIfAbsent(address, any -> new DestinationMeter()).ended(attempt);
    }

    /** What was measured of a pipeline, by the address of the destination. */
    Map<String, DestinationMeter> of(String pipeline) {
        return byPipeline.getOrDefault(pipeline, Map.of());
    }
}
