package dev.drover.deadletter;

import dev.drover.ledger.Lease;
import dev.drover.store.DeadLetterException;
import dev.drover.store.Store;
import dev.drover.store.StoreClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The claim of one replay on some dead letters, so that no other replay sends them meanwhile. It ends by itself unless
 * it is renewed, so the next replay can claim the dead letters of one that was killed. Thread-safe.
 */
final class ReplayClaim {

    private static final String FREE = " AND (replayed_until IS NULL OR replayed_until <= $now)";
    private static final String CLAIM =
            "UPDATE drover_dead_letter SET replayed_by = ?, replayed_until = $now + ? WHERE id IN (";
    private static final String CLAIMED = "SELECT id FROM drover_dead_letter WHERE replayed_by = ?";
    private static final String RENEW = "UPDATE drover_dead_letter SET replayed_until = $now + ? WHERE replayed_by = ?";
    private static final String RELEASE =
            "UPDATE drover_dead_letter SET replayed_by = NULL, replayed_until = NULL WHERE replayed_by = ?";
    private static final int TRIES = 5;

    private final DataSource store;
    private final Duration length;
    private final String token = UUID.randomUUID().toString();
    private final Lease lease;
    private final List<String> ids;

    private ReplayClaim(DataSource store, Duration length, List<String> ids) throws SQLException {
        this.store = store;
        this.length = length;
        this.lease = Lease.of(length);
        this.ids = Store.inTransaction(store, connection -> claim(connection, ids));
    }

    /**
     * Claims the dead letters of this list that no other replay has.
     *
     * @param length for how long, and again with each renewal
     * @throws DeadLetterException if the store cannot be used now
     */
    static ReplayClaim of(DataSource store, Duration length, List<String> ids) {
        for (int tried = 1; ; tried++) {
            try {
                return new ReplayClaim(store, length, ids);
            } catch (SQLException e) {
                // Another replay claims some of them at the same moment, in another order.
                if (tried == TRIES || !Store.isConflict(e)) {
                    throw new DeadLetterException("the dead letters cannot be claimed now", e);
                }
            }
        }
    }

    /** The dead letters that are claimed. */
    List<String> ids() {
        return ids;
    }

    /** Whether they may be sent now. */
    Lease lease() {
        return lease;
    }

    /**
     * Claims the dead letters that are still there for the full length again; without any, the lease is lost.
     *
     * @throws DeadLetterException if the store cannot be used now
     */
    void renew() {
        Lease.Request request = lease.request();
        if (update(RENEW, length.toMillis(), token) > 0) {
            request.granted();
        } else {
            lease.lose();
        }
    }

    /**
     * Lets others send the dead letters that are still there.
     *
     * @throws DeadLetterException if the store cannot be used now; the claim then ends by itself
     */
    void release() {
        lease.lose();
        int unused = update(RELEASE, token);
    }

    private List<String> claim(Connection connection, List<String> wanted) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(wanted.size(), "?"));
        List<Object> values = new ArrayList<>(List.of(token, length.toMillis()));
        values.addAll(wanted);
        try (PreparedStatement statement = prepare(connection, CLAIM + marks + ")" + FREE, values)) {
            statement.executeUpdate();
        }
        List<String> claimed = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, CLAIMED, List.of(token));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                claimed.add(rows.getString(1));
            }
        }
        return List.copyOf(claimed);
    }

    private int update(String sql, Object... values) {
        try {
            return Store.inTransaction(store, connection -> {
                try (PreparedStatement statement = prepare(connection, sql, List.of(values))) {
                    return statement.executeUpdate();
                }
            });
        } catch (SQLException e) {
            throw new DeadLetterException("the claim of the dead letters cannot be renewed or given back now", e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, List<Object> values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(StoreClock.in(connection, sql));
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
        return statement;
    }
}
