package dev.drover.consistency;

import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows of PostgreSQL that {@link Consistency#XID} cannot read yet, because a transaction is open that is older
 * than the transaction that wrote them.
 */
public final class OpenTransactions implements HeldBack {

    private static final String PASSED = "SELECT CAST(? AS xid8) < " + KeysetQuery.BELOW_OPEN_TRANSACTIONS;

    private static final String OLDER = PostgresWriters.TRANSACTIONS
            + """
            WHERE l.locktype = 'transactionid' AND l.granted AND l.transactionid IN (
              SELECT CAST(open AS xid) FROM pg_snapshot_xip(pg_current_snapshot()) open WHERE open <= CAST(? AS xid8))
            ORDER BY 6, 1
            """;

    private final DataSource source;
    private final HighestKey highest;
    private final boolean once;
    private @Nullable Cursor target;
    private boolean passed;

    /**
     * Prepares for a table.
     *
     * @param once whether only the rows of the first look count, as for a drain
     */
    public OpenTransactions(DataSource source, HighestKey highest, boolean once) {
        this.source = source;
        this.highest = highest;
        this.once = once;
    }

    @Override
    public Optional<String> find(@Nullable Cursor after) throws SQLException {
        if (passed) {
            return Optional.empty(); // the rows of the first look have been read since
        }
        try (Connection connection = source.getConnection()) {
            if (target == null || !once) {
                target = highest.find(connection).orElse(null);
            }
            if (target == null || target.equals(after)) {
                return Optional.empty();
            }
            String transaction = String.valueOf(target.values().get(0));
            if (isPassed(connection, transaction)) {
                passed = once;
                return once ? Optional.of("the rows of transactions that have just ended") : Optional.empty();
            }
            return Optional.of(PostgresWriters.sessions(connection, OLDER, transaction));
        }
    }

    private static boolean isPassed(Connection connection, String transaction) throws SQLException {
        return Query.first(connection, PASSED, row -> row.getBoolean(1), transaction)
                .orElse(false);
    }
}
