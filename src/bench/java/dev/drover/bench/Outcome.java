package dev.drover.bench;

import java.util.List;
import java.util.Map;

/** What a series brought: the rounds of those that ended well, and why others did not. */
record Outcome(Series series, List<Round> rounds, Map<Contender, String> failures) {

    List<Round> of(Contender contender) {
        return failures.containsKey(contender)
                ? List.of()
                : rounds.stream()
                        .filter(round -> round.contender().equals(contender))
                        .toList();
    }
}
