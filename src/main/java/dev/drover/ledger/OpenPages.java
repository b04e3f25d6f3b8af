package dev.drover.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The open pages of a ledger. Those of one sequence are passed in the order in which they were read; a table is one
 * sequence, a topic has one for each partition, and none waits for another. Guarded by the lock of its {@link Ledger}.
 */
final class OpenPages {

    private final Map<String, Deque<OpenPage>> sequences = new HashMap<>();

    void add(OpenPage page) {
        sequences.computeIfAbsent(page.sequence(), any -> new ArrayDeque<>()).addLast(page);
    }

    /** Returns whether it was open. */
    boolean remove(OpenPage page) {
        return of(page.sequence()).remove(page);
    }

    boolean isEmpty() {
        return sequences.values().stream().allMatch(Deque::isEmpty);
    }

    /** The page that was opened first of all, among those that keep a sequence where it is. */
    Optional<OpenPage> oldest() {
        return sequences.values().stream()
                .flatMap(pages -> Stream.ofNullable(pages.peekFirst()))
                .min(Comparator.comparingLong(OpenPage::opened));
    }

    /** Those of a sequence, the oldest first. */
    Collection<OpenPage> of(String sequence) {
        return sequences.getOrDefault(sequence, new ArrayDeque<>());
    }

    /** How many records' room all of them take beyond their own. */
    int roomOfBytes() {
        return sequences.values().stream()
                .flatMap(Collection::stream)
                .mapToInt(OpenPage::roomOfBytes)
                .sum();
    }

    /** Takes those of a sequence that are settled, as far as no older one is open. */
    List<OpenPage> takeSettled(String sequence) {
        Deque<OpenPage> pages = sequences.get(sequence);
        List<OpenPage> settled = new ArrayList<>();
        while (pages != null && !pages.isEmpty() && pages.getFirst().isSettled()) {
            settled.add(pages.removeFirst());
        }
        return settled;
    }

    /** Takes all of a sequence. */
    Collection<OpenPage> take(String sequence) {
        Deque<OpenPage> taken = sequences.remove(sequence);
        return taken == null ? List.of() : taken;
    }
}
