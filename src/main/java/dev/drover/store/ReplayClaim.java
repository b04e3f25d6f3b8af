package dev.drover.store;

import dev.drover.ledger.Lease;
import dev.drover.ledger.SettlementException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The claim of a replay on dead letters, so that no other replay sends them meanwhile. It ends unless it is renewed, so the
 * dead letters of a killed replay become free again. Thread-safe.
 */
public final class ReplayClaim {

    private static final String FREE = " AND (replayed_until IS NULL OR replayed_until <= $now)";
    private static final String CLAIM =
            "UPDATE drover_dead_letter SET replayed_by = ?, replayed_until = $now + ? WHERE id IN (";
    private static final String CLAIMED = "SELECT id FROM drover_dead_letter WHERE replayed_by = ?";
    private static final String RENEW = "UPDATE drover_dead_letter SET replayed_until = $now + ? WHERE replayed_by = ?";
    private static final String RELEASE =
            "UPDATE drover_dead_letter SET replayed_by = NULL, replayed_until = NULL WHERE replayed_by = ?";

    private final DataSource store;
    private final Duration length;
    private final String token = UUID.randomUUID().toString();
    private final Lease lease;
    private final List<String> ids;

    private ReplayClaim(DataSource store, Duration length, Transaction transaction, List<String> wanted)
            throws SQLException {
        this.store = store;
        this.length = length;
        this.lease = Lease.of(length);
        List<Object> values = new ArrayList<>(List.of(token, length.toMillis()));
        values.addAll(wanted);
        String marks = String.join(", ", Collections.nCopies(wanted.size(), "?"));
        transaction.update(CLAIM + marks + ")" + FREE, values.toArray());
        this.ids = transaction.list(CLAIMED, (row, i) -> row.getString(1), token);
    }

    /**
     * Claims the dead letters of this list that no other replay has claimed.
     *
     * @param length the time until the claim ends, and after each renewal
     * @throws SettlementException if the store cannot be used now
     */
    public static ReplayClaim of(DataSource store, Duration length, List<String> ids) {
        // Retries if another replay claims some of them at the same moment in another order.
        return Transaction.retried(
                store,
                "the dead letters cannot be claimed now",
                transaction -> new ReplayClaim(store, length, transaction, ids));
    }

    /** The dead letters that are claimed. */
    public List<String> ids() {
        return ids;
    }

    /** Whether they may be sent now. */
    public Lease lease() {
        return lease;
    }

    /**
     * Renews the claim for its full length. The lease is lost if none of the dead letters exists any more.
     *
     * @throws SettlementException if the store cannot be used now
     */
    public void renew() {
        Lease.Request request = lease.request();
        if (update(RENEW, length.toMillis(), token) > 0) {
            request.granted();
        } else {
            lease.lose();
        }
    }

    /**
     * Gives the claim back, so that others can send the remaining dead letters.
     *
     * @throws SettlementException if the store cannot be used now; the claim then ends by itself
     */
    public void release() {
        lease.lose();
        update(RELEASE, token);
    }

    private int update(String sql, Object... values) {
        return Transaction.on(
                store,
                "the claim of the dead letters cannot be renewed or given back now",
                transaction -> transaction.update(sql, values));
    }
}
