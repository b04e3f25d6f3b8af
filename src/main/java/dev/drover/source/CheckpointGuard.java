package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import dev.drover.config.Promise;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorMove;
import dev.drover.rows.HighestKey;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeyGenerator;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.Query;
import dev.drover.sql.ReadFailure;
import dev.drover.store.Checkpoint;
import dev.drover.store.Checkpoint.Origin;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a checkpoint belongs to the present source. A checkpoint of another table, of a table before it was
 * renumbered, or of a database before it was restored from a backup would skip rows silently. Thread-safe.
 */
public record CheckpointGuard(SourceForm form, PagesConfig config) {

    private static final String CLUSTER = "SELECT CAST(system_identifier AS text) FROM pg_control_system()";
    private static final String NEXT_TRANSACTION = "SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)";

    /**
     * Why a checkpoint cannot be used.
     *
     * @param ofDeletion whether deleted rows may be the reason, which is harmless if keys grow and the server is the
     *     same
     * @param text the reason, as a sentence that begins with "the checkpoint"
     */
    public record Objection(boolean ofDeletion, String text, String remedy) {

        @Override
        public String toString() {
            return "the checkpoint " + text + "; " + remedy;
        }
    }

    /**
     * Admits a checkpoint, which is written for this source from now on.
     *
     * @throws IllegalArgumentException if it does not belong to the source, with the remedy
     * @throws SQLException if the source fails; to be tried again
     */
    public void admit(Checkpoint checkpoint) throws SQLException {
        Cursor cursor = checkpoint.cursor().orElse(null);
        Optional<Objection> objection = cursor == null ? Optional.empty() : objection(cursor, checkpoint.origin());
        if (objection.isPresent()) {
            throw new IllegalArgumentException(objection.get().toString());
        }
        checkpoint.writtenFor(origin());
    }

    /**
     * Checks a checkpoint.
     *
     * @param cursor the key of the checkpoint
     * @param written the source for which it was written
     * @return the first objection; empty if there is none or if nothing can be known, such as about a join
     * @throws SQLException if the source fails; to be tried again
     * @throws IllegalArgumentException if the consistency mode does not fit the source
     */
    public Optional<Objection> objection(Cursor cursor, Origin written) throws SQLException {
        if (config.consistency() == Consistency.CLAIM) {
            return Optional.empty(); // uses claims instead of a checkpoint
        }
        if (!cursor.columns().equals(config.key())) {
            return refused(
                    "is of key " + cursor.columns() + ", but the pipeline is read by key " + config.key(),
                    "set the key back, or give the pipeline a new name, under which it begins again");
        }
        if (!form.readsSql()) {
            return Optional.empty();
        }
        Origin now = origin();
        if (differ(written.table(), now.table())) {
            return refused(
                    "was written for table " + written.table() + ", but the pipeline reads table " + now.table(),
                    "set the table back, or " + moveRemedy());
        }
        if (written.cluster() != null
                && now.cluster() != null
                && !written.cluster().equals(now.cluster())) {
            return refused(
                    "was written on database cluster " + written.cluster() + ", but this is cluster " + now.cluster()
                            + ", which counts other transactions",
                    "connect to the first again, or " + moveRemedy());
        }
        try (Connection connection = form.source().getConnection()) {
            return behind(connection, cursor, form.consistency());
        }
    }

    /** Whether the source can be watched while the pipeline runs: it is a database that is read by a cursor. */
    boolean isOfUse() {
        return form.readsSql() && config.consistency() != Consistency.CLAIM;
    }

    /**
     * Checks whether the source is behind a cursor, so that new rows could get keys before it.
     *
     * @param cursor a checkpoint, or the key of the last row that was read
     */
    Optional<Objection> behind(Connection connection, Cursor cursor, Consistency mode) throws SQLException {
        // New rows get higher numbers than the counter has ever given, even after a deletion.
        return mode == Consistency.XID ? aheadOfCluster(connection, cursor) : beyondTable(connection, cursor);
    }

    /** The generator of the next key; empty if unknown. */
    Optional<KeyGenerator> generator(Connection connection) throws SQLException {
        Optional<String> table = form.table();
        return table.isEmpty() ? Optional.empty() : KeyGenerator.of(connection, table.get(), config.key());
    }

    /** Whether the user promises that new rows get higher keys, even after a deletion. */
    boolean keysGrow() {
        return config.promises().contains(Promise.KEYS_GROW);
    }

    /** Whether all new rows are known to get higher keys than this one. */
    boolean isBeyond(Connection connection, Cursor cursor) throws SQLException {
        return generator(connection)
                .filter(next -> next.isBeyond(cursor.values().get(0)))
                .isPresent();
    }

    KeysetQuery query(Connection connection, String table) throws SQLException {
        return KeysetQuery.of(connection, table, config.key(), config.key(), Consistency.STATIC);
    }

    private static Optional<Objection> refused(String text, String remedy) {
        return Optional.of(new Objection(false, text, remedy));
    }

    /** The remedy that moves the checkpoint by a command. */
    String moveRemedy() {
        return "say where it goes on with drover checkpoint set " + config.name()
                + " KEY, or let it begin again with drover checkpoint reset " + config.name();
    }

    private boolean usesTransactions() throws SQLException {
        return form.consistency() == Consistency.XID;
    }

    /** The present source. */
    private Origin origin() throws SQLException {
        if (!form.readsSql() || !usesTransactions()) {
            return new Origin(form.table().orElse(null), null);
        }
        try (Connection connection = form.source().getConnection()) {
            return new Origin(form.table().orElse(null), cluster(connection).orElse(null));
        }
    }

    /** The identity of a PostgreSQL cluster; empty for other databases and if this user may not read it. */
    Optional<String> cluster(Connection connection) throws SQLException {
        if (Dialect.of(connection) != Dialect.POSTGRESQL) {
            return Optional.empty();
        }
        try {
            return Optional.of(text(connection, CLUSTER));
        } catch (SQLException e) {
            if (isUnknown(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether two names are of different tables. A name without a schema matches the name with any schema. */
    private static boolean differ(@Nullable String written, @Nullable String now) {
        if (written == null || now == null) {
            return false;
        }
        boolean bare = written.indexOf('.') < 0 || now.indexOf('.') < 0;
        Function<String, String> name =
                table -> (bare ? table.substring(table.lastIndexOf('.') + 1) : table).toLowerCase(Locale.ROOT);
        return !name.apply(written).equals(name.apply(now));
    }

    private Optional<Objection> aheadOfCluster(Connection connection, Cursor cursor) throws SQLException {
        String next = text(connection, NEXT_TRANSACTION);
        String at = String.valueOf(cursor.values().get(0));
        if (!at.matches("[0-9]+")) {
            return refused("is not of a transaction", moveRemedy());
        }
        return new BigInteger(at).compareTo(new BigInteger(next)) < 0
                ? Optional.empty()
                : refused(
                        "is at transaction " + at + ", but the next one of the database is " + next
                                + ": it was restored from a backup, or is another one",
                        moveRemedy());
    }

    private Optional<Objection> beyondTable(Connection connection, Cursor cursor) throws SQLException {
        Optional<String> table = form.table();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Cursor> highest = new HighestKey(table.get(), config.key()).find(connection);
            if (highest.isEmpty()) {
                return isBeyond(connection, cursor) || keysGrow()
                        ? Optional.empty()
                        : refused(
                                "is at " + cursor + ", and table " + table.get() + " is empty, so that new rows may"
                                        + " get keys that were passed",
                                "if the keys begin again, let the pipeline begin again with drover checkpoint reset "
                                        + config.name() + "; if they go on, promise it with promises: "
                                        + Promise.KEYS_GROW.word());
            }
            Optional<String> mismatch = CursorMove.mismatch(highest.get(), cursor);
            if (mismatch.isPresent()) {
                return refused("does not fit table " + table.get() + ": " + mismatch.get(), moveRemedy());
            }
            return hasReached(connection, table.get(), cursor) || isBeyond(connection, cursor)
                    ? Optional.empty()
                    : Optional.of(new Objection(
                            true,
                            "is beyond the table: it is at " + cursor + ", and the highest key of " + table.get()
                                    + " is " + highest.get(),
                            "if the table's last rows were deleted, set it to that key with drover checkpoint set "
                                    + config.name() + " KEY; if the table was emptied, restored or renumbered, let"
                                    + " the pipeline begin again with drover checkpoint reset " + config.name()));
        } catch (SQLException e) {
            if (isUnknown(e)) {
                return Optional.empty(); // a view or an alias; if it cannot be read at all, the first page reports it
            }
            throw e;
        }
    }

    static boolean isUnknown(SQLException e) {
        return e.getSQLState() != null
                && List.of("22", "42").contains(e.getSQLState().substring(0, 2));
    }

    private boolean hasReached(Connection connection, String table, Cursor cursor) throws SQLException {
        KeysetQuery query = query(connection, table);
        PageQuery reached =
                new PageQuery(query.atOrAfter(), statement -> query.bind(statement, PageRequest.after(cursor, 1)));
        try {
            return Query.first(connection, reached, row -> true).isPresent();
        } catch (SQLException e) {
            throw ReadFailure.of("whether " + table + " has reached the checkpoint", e);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        return Query.first(connection, sql, row -> row.getString(1)).orElseThrow();
    }
}
