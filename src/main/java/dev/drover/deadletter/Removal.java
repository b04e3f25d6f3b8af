package dev.drover.deadletter;

import dev.drover.ledger.Lease;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import java.util.List;
import java.util.Map;

/** Settles a replayed dead letter: one that was delivered is removed, one that was refused again stays as it is. */
final class Removal implements Settlement {

    private final DeadLetterStore store;
    private final Lease lease;
    private final Map<String, ReplayedRecord> records;

    Removal(DeadLetterStore store, Lease lease, Map<String, ReplayedRecord> records) {
        this.store = store;
        this.lease = lease;
        this.records = records;
    }

    @Override
    public boolean inOrder() {
        return false;
    }

    /** No attempt goes out when another replay may have begun to send them. */
    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public void settle(List<SettledPage> pages) {
        try {
            for (SettledPage page : pages) {
                String id = page.last().values().get(0).toString();
                ReplayedRecord record = records.get(id);
                if (record != null && !record.isRefusedAgain()) {
                    store.delete(id);
                }
            }
        } catch (DeadLetterException e) {
            throw new SettlementException("delivered dead letters can not be removed now", e);
        }
    }
}
