package dev.drover.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The figures of one contender in a series. Work only is what the run with rows spent minus the median of the same
 * contender's runs without. A ratio is taken within each round, against the hand-written loop of that round.
 */
record Figures(
        Contender contender,
        Spread wall,
        Spread wallOfWork,
        Spread cpu,
        Spread cpuOfWork,
        Spread wallRatio,
        Spread cpuRatio,
        Spread wallRatioOfWork,
        Spread cpuRatioOfWork,
        double memory,
        double requests) {

    /** Per row, in microseconds: {@link #cpu} and {@link #cpuOfWork}; the times themselves are in seconds. */
    static Figures of(Outcome outcome, Contender contender) {
        List<Round> rounds = outcome.of(contender);
        List<Round> loop = outcome.of(Contenders.LOOP);
        double micros = 1e6 / outcome.series().rows();
        return new Figures(
                contender,
                spread(rounds, round -> round.full().wall()),
                spread(rounds, wallOfWork(rounds)),
                spread(rounds, round -> round.full().cpu() * micros),
                spread(rounds, round -> cpuOfWork(rounds).applyAsDouble(round) * micros),
                ratio(rounds, round -> round.full().wall(), loop, round -> round.full()
                        .wall()),
                ratio(rounds, round -> round.full().cpu(), loop, round -> round.full()
                        .cpu()),
                ratio(rounds, wallOfWork(rounds), loop, wallOfWork(loop)),
                ratio(rounds, cpuOfWork(rounds), loop, cpuOfWork(loop)),
                spread(rounds, round -> round.full().memory()).most(),
                spread(rounds, round -> round.arrived().requests()).median());
    }

    boolean known() {
        return !Double.isNaN(wall.median());
    }

    private static ToDoubleFunction<Round> wallOfWork(List<Round> rounds) {
        double empty = spread(rounds, round -> round.empty().wall()).median();
        return round -> round.full().wall() - empty;
    }

    private static ToDoubleFunction<Round> cpuOfWork(List<Round> rounds) {
        double empty = spread(rounds, round -> round.empty().cpu()).median();
        return round -> round.full().cpu() - empty;
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Spread.of(rounds.stream().map(figure::applyAsDouble).toList());
    }

    private static Spread ratio(
            List<Round> rounds, ToDoubleFunction<Round> figure, List<Round> loop, ToDoubleFunction<Round> ofLoop) {
        List<Double> ratios = new ArrayList<>();
        for (Round round : rounds) {
            for (Round base : loop) {
                if (base.number() == round.number()) {
                    ratios.add(figure.applyAsDouble(round) / ofLoop.applyAsDouble(base));
                }
            }
        }
        return Spread.of(ratios);
    }
}
