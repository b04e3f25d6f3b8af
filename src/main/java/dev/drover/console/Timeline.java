package dev.drover.console;

import dev.drover.batch.Batch;
import dev.drover.ledger.FailedAttempt;
import dev.drover.ledger.Settlement;
import dev.drover.pages.Pipeline;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The batches in flight over the keys, in the order of the source: which of them holds the checkpoint.
 *
 * @param from the place up to which every record is settled
 * @param to the place of the last record that is read, or asked for
 * @param bars the batches, the one that holds the checkpoint first
 * @param more how many batches are left out
 */
record Timeline(long from, long to, List<Bar> bars, int more) {

    private static final int MOST = 100;

    /**
     * A batch in flight.
     *
     * @param id its identity
     * @param from the place of its first record
     * @param to the place of its last record
     * @param firstKey the key of its first record, for people
     * @param lastKey the key of its last record
     * @param records how many records it has
     * @param unsettled how many of them are not settled
     * @param attempt how many attempts failed
     * @param reason why the last of them did; null if none did
     * @param holds whether it holds the checkpoint
     */
    record Bar(
            String id,
            long from,
            long to,
            String firstKey,
            String lastKey,
            int records,
            int unsettled,
            int attempt,
            @Nullable String reason,
            boolean holds) {}

    static Timeline of(Pipeline pipeline) {
        List<Batch> batches = pipeline.ledger().deliveries().all().stream()
                .filter(Batch.class::isInstance)
                .map(Batch.class::cast)
                .filter(batch -> batch.firstUnsettledPlace() > 0)
                .sorted(Comparator.comparingLong(Batch::firstUnsettledPlace))
                .toList();
        // rows that are claimed, or come from a topic, have no checkpoint: the bars begin with the first that is not
        // settled
        Settlement settlement = pipeline.ledger().settlement();
        long from = settlement.inOrder() && !settlement.isByReader()
                ? settlement.settled()
                : batches.stream().mapToLong(Batch::firstPlace).min().orElse(1) - 1;
        long to = Math.max(
                from + pipeline.ledger().window(),
                batches.stream().mapToLong(Batch::lastPlace).max().orElse(0));
        String first = batches.isEmpty() ? "" : batches.get(0).getId();
        List<Bar> bars = batches.stream()
                .limit(MOST)
                .map(batch -> bar(batch, batch.getId().equals(first)))
                .toList();
        return new Timeline(from, to, bars, batches.size() - bars.size());
    }

    private static Bar bar(Batch batch, boolean first) {
        Optional<FailedAttempt> failed = batch.lastFailure();
        return new Bar(
                batch.getId(),
                batch.firstPlace(),
                batch.lastPlace(),
                batch.items().get(0).key().toString(),
                batch.items().get(batch.getSize() - 1).key().toString(),
                batch.getSize(),
                batch.unsettled(),
                failed.map(FailedAttempt::number).orElse(0),
                failed.map(FailedAttempt::reason).orElse(null),
                first);
    }
}
