package dev.drover.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.oracle.Outcome.End;
import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs scenarios one after the other on one server, and counts how they end. */
final class OracleSuite {

    /** One run in so many must deliver, or refusals would hide what is read wrongly. */
    private static final int LEAST_SHARE = 3;

    private static final String MATCHING = System.getProperty("oracle.matching", ".*");

    private final Engine engine;
    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final Map<String, Map<End, Integer>> histogram = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long nanos;

    OracleSuite(Engine engine) {
        this.engine = engine;
    }

    /** Runs so many, less those that do not match, and fails with those that end as none may. */
    void run(long seed, int runs) throws Exception {
        Database source = engine.newDatabase();
        Database store = Database.h2();
        long began = System.nanoTime();
        for (long each = seed; each < seed + runs; each++) {
            if (!Scenario.of(engine, each, source).dimensions().toString().matches(MATCHING)) {
                continue;
            }
            source = Run.emptied(engine, source);
            Scenario scenario = Scenario.of(engine, each, source);
            count(scenario, Run.of(scenario, source, store));
        }
        nanos = System.nanoTime() - began;
        System.out.println(this);
        assertThat(wrong).as(this::toString).isEmpty();
        assertThat(ends.getOrDefault(End.DELIVERED, 0)).as(this::toString).isGreaterThanOrEqualTo(runs / LEAST_SHARE);
    }

    private void count(Scenario scenario, Outcome outcome) {
        ends.merge(outcome.end(), 1, Integer::sum);
        scenario.dimensions().forEach(dimension -> histogram
                .computeIfAbsent(dimension, none -> new EnumMap<>(End.class))
                .merge(outcome.end(), 1, Integer::sum));
        if (Boolean.getBoolean("oracle.verbose")) {
            System.out.println("ORACLE " + engine + " " + scenario.seed() + " " + outcome + "\n" + scenario);
        }
        if (!outcome.isRight()) {
            wrong.add("\n" + outcome + "\n" + scenario + "\n");
            System.out.println(wrong.get(wrong.size() - 1));
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(engine + ": " + ends + " in " + nanos / 1_000_000_000 + " s");
        histogram.forEach((dimension, counts) ->
                text.append("\n  ").append(dimension).append(' ').append(counts));
        return text.toString();
    }
}
