package dev.drover.consistency;

import dev.drover.config.Mode;
import dev.drover.config.PagesConfig;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettledPage;
import dev.drover.ledger.Settlement;
import dev.drover.ledger.SettlementException;
import dev.drover.rows.Page;
import dev.drover.rows.PageReader;
import dev.drover.rows.TableReader;
import dev.drover.sql.Dialect;
import dev.drover.sql.Names;
import dev.drover.sql.PageRequest;
import dev.drover.sql.ReadFailure;
import dev.drover.store.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that this instance has claimed and not settled. Each page is claimed under a new token, in one transaction.
 * Only the holder of the token can settle the rows. A claim that is not renewed expires, and another instance takes the
 * row. Thread-safe.
 */
public final class Claims implements Settlement, PageReader {

    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    private static final int MOST_DELETED = 1000;
    private static final int MOST_LEFT = 1000;
    private static final Duration BETWEEN_DELETES = Duration.ofMinutes(1);

    private final String pipeline;
    private final DataSource source;
    private final String read;
    private final String table;
    private final List<String> key;
    private final Duration lease;
    private final Duration retention;
    private final TableReader reader;
    private final Map<Cursor, String> tokens = new LinkedHashMap<>();
    private List<Cursor> lastPage = List.of();
    private long renewed = System.nanoTime();
    private @Nullable Long deleted;
    private @Nullable ClaimTable claims;

    /**
     * Begins without claims.
     *
     * @param read the source table
     */
    public Claims(PagesConfig config, DataSource source, String read, TableReader reader) {
        this.pipeline = config.name();
        this.source = source;
        this.read = read;
        this.table = config.claims().tableOr(read);
        this.key = config.key();
        this.lease = config.claims().lease();
        this.retention = config.claims().retention();
        this.reader = reader;
    }

    @Override
    public boolean inOrder() {
        return false;
    }

    /** Claims the next free rows and reads them. */
    @Override
    public Page read(PageRequest page) throws SQLException {
        List<Cursor> keys = claim(page.limit());
        if (keys.isEmpty()) {
            return new Page(List.of(), null, true);
        }
        Page read = reader.read(PageRequest.of(keys));
        match(keys, read);
        return new Page(read.records(), read.last(), keys.size() < page.limit());
    }

    private List<Cursor> claim(int limit) throws SQLException {
        synchronized (this) {
            lastPage = List.of(); // its records are in flight
        }
        String fresh = UUID.randomUUID().toString().replace("-", "");
        Map<Cursor, String> claimed = inTransaction(connection -> {
            Map<Cursor, String> open = claims(connection).lockOpen(connection, limit, fresh);
            for (Map.Entry<String, List<Cursor>> each :
                    byToken(open, open.keySet()).entrySet()) {
                claims(connection).claim(connection, each.getValue(), each.getKey(), lease);
            }
            return open;
        });
        List<Cursor> keys = List.copyOf(claimed.keySet());
        synchronized (this) {
            tokens.putAll(claimed);
            lastPage = keys;
        }
        return keys;
    }

    /**
     * Finds the row of each claim. If their keys are not the same value, the database says which belong together. The
     * claims of deleted rows are settled. The claims of rows that the page left out, for its size in bytes, are released.
     */
    private void match(List<Cursor> keys, Page read) throws SQLException {
        Set<Cursor> rows = new HashSet<>();
        read.records().forEach(row -> rows.add(row.cursor(key)));
        List<Cursor> others = keys.stream().filter(each -> !rows.remove(each)).toList();
        if (others.isEmpty() && rows.isEmpty()) {
            return;
        }
        Map<Cursor, Cursor> found =
                inTransaction(connection -> claims(connection).rowsOf(connection, others));
        List<Cursor> gone = new ArrayList<>();
        List<Cursor> later = new ArrayList<>();
        for (Cursor each : others) {
            Cursor row = found.get(each);
            if (row == null) {
                gone.add(each);
            } else if (rows.remove(row)) {
                rename(each, row);
            } else {
                later.add(each);
            }
        }
        if (!rows.isEmpty()) {
            throw new IllegalStateException("the keys of " + table + " and of " + this.read
                    + " do not belong together one to one; make the key unique in both");
        }
        giveBack(later);
        if (table.equals(this.read)) {
            forget(gone);
        } else {
            settle(gone.stream().map(each -> new SettledPage(each, 1)).toList());
        }
    }

    /** From now on the claim is known by the key of its row. The database finds it by either key. */
    private synchronized void rename(Cursor claimed, Cursor row) {
        String token = tokens.remove(claimed);
        if (token != null) {
            tokens.put(row, token);
            lastPage = lastPage.stream()
                    .map(each -> each.equals(claimed) ? row : each)
                    .toList();
        }
    }

    @Override
    public synchronized String life(Cursor row) {
        String token = tokens.get(row);
        return token == null ? "" : ClaimTable.number(token);
    }

    /** Releases the last page, which was read but not routed, so that any instance can claim it. */
    public synchronized void giveBackLastPage() {
        giveBack(lastPage);
        lastPage = List.of();
    }

    /** Releases all unsettled rows, so that other instances need not wait until the claims expire. */
    public void giveBackAll() {
        giveBack(held());
    }

    @Override
    public void settle(List<SettledPage> pages) {
        List<Cursor> keys = pages.stream().map(SettledPage::last).toList();
        try {
            int marked = change(keys, ClaimTable::settle);
            if (marked < keys.size()) {
                LOG.warn(
                        "{}: {} records were settled after their claim had ended; another instance may have sent them"
                                + " too",
                        pipeline,
                        keys.size() - marked);
            }
        } catch (SQLException e) {
            throw new SettlementException("the claims of pipeline " + pipeline + " cannot be marked now", e);
        }
        forget(keys);
    }

    /**
     * Extends the claims after a third of their lease, and deletes old settled claims. To be called several times in each
     * lease, even while the pipeline waits.
     */
    public void renew() {
        try {
            if (System.nanoTime() - renewed > lease.dividedBy(3).toNanos()) {
                renewed = System.nanoTime();
                int unused = change(
                        held(), (claimed, connection, part, token) -> claimed.renew(connection, part, token, lease));
            }
            deleteSettled();
        } catch (SQLException e) {
            LOG.warn("{}: {}", pipeline, ReadFailure.message(e));
        }
    }

    private void deleteSettled() throws SQLException {
        boolean due = deleted == null || System.nanoTime() - deleted > BETWEEN_DELETES.toNanos();
        if (!retention.isZero() && due) {
            deleted = System.nanoTime();
            int unused =
                    inTransaction(connection -> claims(connection).deleteSettled(connection, retention, MOST_DELETED));
        }
    }

    /**
     * Finds unsettled rows that this instance cannot claim, because another transaction has locked them or another
     * instance has claimed them. A drain ends only after those of its first look are settled.
     */
    public HeldBack heldBack(Mode mode) {
        if (mode != Mode.DRAIN) {
            return HeldBack.NOTHING;
        }
        Set<Cursor> first = new HashSet<>();
        AtomicBoolean complete = new AtomicBoolean();
        return after -> {
            Set<Cursor> left =
                    new HashSet<>(inTransaction(connection -> claims(connection).open(connection, MOST_LEFT)));
            boolean all = left.size() < MOST_LEFT;
            held().forEach(left::remove);
            first.retainAll(left);
            if (first.isEmpty() && !complete.get()) {
                first.addAll(left);
                complete.set(all);
            }
            return first.isEmpty()
                    ? Optional.empty()
                    : Optional.of(first.size() + (complete.get() ? "" : " or more")
                            + " rows that other transactions have locked, or other instances have claimed");
        };
    }

    private void giveBack(List<Cursor> keys) {
        try {
            int unused = change(keys, ClaimTable::release);
        } catch (SQLException e) {
            LOG.warn(
                    "{}: claims could not be given back, they end by themselves: {}", pipeline, ReadFailure.message(e));
        }
        forget(keys);
    }

    private synchronized List<Cursor> held() {
        return List.copyOf(tokens.keySet());
    }

    private synchronized void forget(List<Cursor> keys) {
        keys.forEach(tokens::remove);
    }

    private synchronized Map<String, List<Cursor>> byToken(List<Cursor> keys) {
        return byToken(tokens, keys);
    }

    private static Map<String, List<Cursor>> byToken(Map<Cursor, String> tokens, Collection<Cursor> keys) {
        Map<String, List<Cursor>> byToken = new HashMap<>();
        for (Cursor each : keys) {
            String token = tokens.get(each);
            if (token != null) {
                byToken.computeIfAbsent(token, none -> new ArrayList<>()).add(each);
            }
        }
        return byToken;
    }

    private interface Connected<T> {
        T on(Connection connection) throws SQLException;
    }

    private interface Change {
        int apply(ClaimTable claimed, Connection connection, List<Cursor> keys, String token) throws SQLException;
    }

    private int change(List<Cursor> keys, Change change) throws SQLException {
        Map<String, List<Cursor>> byToken = byToken(keys);
        if (byToken.isEmpty()) {
            return 0;
        }
        return inTransaction(connection -> {
            int changed = 0;
            for (Map.Entry<String, List<Cursor>> each : byToken.entrySet()) {
                changed += change.apply(claims(connection), connection, each.getValue(), each.getKey());
            }
            return changed;
        });
    }

    /**
     * Uses READ COMMITTED: REPEATABLE READ would block writers by gap locks on MariaDB, and would fail on PostgreSQL beside
     * another instance. It is set for this transaction only, because a pooler may lend the session to another client.
     */
    private <T> T inTransaction(Connected<T> work) throws SQLException {
        try {
            return Transaction.on(source, transaction -> {
                Connection connection = transaction.connection();
                if (Dialect.of(connection) == Dialect.H2) {
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                } else {
                    transaction.update("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
                }
                return work.on(connection);
            });
        } catch (SQLException e) {
            throw ReadFailure.of("the claims of " + table, e);
        }
    }

    private synchronized ClaimTable claims(Connection connection) throws SQLException {
        ClaimTable known = claims;
        if (known == null) {
            known = new ClaimTable(
                    Dialect.of(connection), Names.of(connection, table), Names.of(connection, read), key);
            claims = known;
        }
        return known;
    }
}
