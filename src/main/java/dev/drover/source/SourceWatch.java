package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.database.DatabasePool;
import dev.drover.database.ServerLife;
import dev.drover.ledger.Cursor;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeyGenerator;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.Names;
import dev.drover.sql.PageQuery;
import dev.drover.sql.PageRequest;
import dev.drover.sql.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the source of a running pipeline has changed: another server, a server that has lost rows, or a table
 * that was emptied or renumbered. New rows could then get keys that were passed already. It checks each new connection,
 * after each failure, and once a second. A check of a view may compute the whole view, so it takes at most a twentieth
 * of the time. For one thread.
 */
public final class SourceWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** The pause after a check of a view, as a multiple of its time. */
    private static final int PAUSES = 20;

    private final CheckpointGuard guard;
    private final Set<Connection> seen = Collections.newSetFromMap(new WeakHashMap<>());
    private boolean due = true;
    private boolean interrupted;
    private int changes;
    private boolean replaced;
    private long looked;
    private long pause = PERIOD.toNanos();
    private @Nullable Server server;
    private @Nullable Note note;
    private @Nullable String gone;

    /** The server that answered last, and its key generator at that time. */
    private record Server(String life, Optional<String> cluster, Optional<KeyGenerator> generator) {}

    /**
     * The last row that was read.
     *
     * @param position the log position of the server at that time; empty if it proves nothing
     * @param read the key of the row
     * @param version identifies this version of the row; null if unknown
     */
    private record Note(Optional<WalPosition> position, Cursor read, @Nullable String version) {}

    public SourceWatch(CheckpointGuard guard) {
        this.guard = guard;
    }

    /** Says that reading has failed, so that another server may answer next. */
    public void failed() {
        due = true;
        interrupted = true;
    }

    /**
     * What the pipeline waits for after the last rows were deleted, which a promise makes harmless; null if it does not
     * wait for that.
     */
    @Nullable
    public String awaited() {
        return gone;
    }

    /**
     * Checks the source if it is due. To be called before each page.
     *
     * @param read the key of the last row that was read; null if there is none
     * @return whether a new connection has answered since the last call
     * @throws IllegalArgumentException if the source has changed, with the remedy
     * @throws SQLException if the source fails; to be tried again
     */
    public boolean look(@Nullable Cursor read, Consistency mode) throws SQLException {
        if (!guard.isOfUse()) {
            return false;
        }
        changes = DatabasePool.changes(guard.form().source());
        try (Connection connection = guard.form().source().getConnection()) {
            checkIfDue(connection, read, mode);
        }
        boolean unseen = replaced;
        replaced = false;
        return unseen;
    }

    /**
     * Checks that no other server has answered since {@link #look}. To be called after a page is read and before any of
     * it is sent.
     *
     * @throws SQLException if the page may be from another server
     */
    public void requireSameServer() throws SQLException {
        if (guard.isOfUse() && changes != DatabasePool.changes(guard.form().source())) {
            throw new SQLException("another server answers");
        }
    }

    /**
     * Notes how to prove later that a server has this row and all rows before it. To be called after each page. Throws
     * the same exceptions as {@link #look}.
     */
    public void wasRead(Cursor read, Consistency mode) throws SQLException {
        if (guard.isOfUse()) {
            try (Connection connection = guard.form().source().getConnection()) {
                checkIfDue(connection, read, mode);
                // the position must be after the commit of the row, so it is read after the row
                note = note(connection, read);
            }
        }
    }

    /** Reads both in one statement, because each page needs them. */
    private Note note(Connection connection, Cursor read) throws SQLException {
        if (Dialect.of(connection) != Dialect.POSTGRESQL || !isIndexed(connection)) {
            return new Note(position(connection).map(WalPosition.Now::position), read, null);
        }
        KeysetQuery query = guard.query(connection, guard.form().table().orElseThrow());
        PageRequest one = PageRequest.of(List.of(read));
        String sql = "SELECT " + WalPosition.NOW + ", (" + query.sql(one, version(connection)) + ")";
        try {
            return Query.first(
                            connection,
                            new PageQuery(sql, statement -> query.bind(statement, one)),
                            row -> new Note(Optional.of(WalPosition.Now.of(row).position()), read, row.getString(5)))
                    .orElseThrow();
        } catch (SQLException e) {
            if (WalPosition.isUnanswered(e)) {
                return new Note(position(connection).map(WalPosition.Now::position), read, version(connection, read));
            }
            throw e;
        }
    }

    private void checkIfDue(Connection connection, @Nullable Cursor read, Consistency mode) throws SQLException {
        boolean unseen = seen.add(connection.unwrap(Connection.class));
        boolean another = due || unseen;
        long began = System.nanoTime();
        if (another || began - looked >= pause) {
            due = true; // until the check succeeds
            check(connection, read, mode);
            looked = System.nanoTime();
            pause = isIndexed(connection) ? PERIOD.toNanos() : Math.max(PERIOD.toNanos(), PAUSES * (looked - began));
            due = false;
        }
        replaced |= unseen;
    }

    private void check(Connection connection, @Nullable Cursor read, Consistency mode) throws SQLException {
        Server now = new Server(ServerLife.of(connection), guard.cluster(connection), guard.generator(connection));
        Server before = server;
        if (before != null) {
            compare(connection, before, now, read);
        }
        if (read != null) {
            boolean same = before != null && before.life().equals(now.life()) && !interrupted;
            lookBehind(connection, read, mode, same);
        }
        interrupted = false;
        server = now;
    }

    /** The last rows may be gone only if keys grow and the server is proven to be the same. */
    private void lookBehind(Connection connection, Cursor read, Consistency mode, boolean same) throws SQLException {
        CheckpointGuard.Objection objection =
                guard.behind(connection, read, mode).orElse(null);
        if (objection == null) {
            gone = null;
            return;
        }
        if (!objection.ofDeletion() || !guard.keysGrow() || !(same || isCovered(connection))) {
            throw changed("what was read last " + objection.text(), objection.remedy());
        }
        if (gone == null) {
            LOG.warn(
                    "{}: what was read last {}; rows were deleted, and keysGrow promises that new ones get higher keys",
                    guard.config().name(),
                    objection.text());
        }
        gone = "rows behind " + read + ", as the last ones that were read are gone";
    }

    private void compare(Connection connection, Server before, Server now, @Nullable Cursor read) throws SQLException {
        if (before.cluster().isPresent()
                && now.cluster().isPresent()
                && !before.cluster().equals(now.cluster())) {
            throw changed(
                    "database cluster " + before.cluster().get() + " was replaced by "
                            + now.cluster().get(),
                    guard.moveRemedy());
        }
        if (read == null) {
            return;
        }
        if (!before.life().equals(now.life()) && !hasAll(connection, read)) {
            throw changed(
                    "another server answers, or the same one after a restart, and it is not sure to have all rows up"
                            + " to "
                            + read + ", which were read before",
                    "if it has, start again; if not, " + guard.moveRemedy());
        }
        if (before.generator().isPresent()
                && now.generator().isPresent()
                && isRenumbered(before.generator().get(), now.generator().get(), read)) {
            throw changed(
                    "the next key is " + now.generator().get().next() + " and was "
                            + before.generator().get().next() + ": the keys were renumbered, and rows up to " + read
                            + " were read",
                    guard.moveRemedy());
        }
    }

    private static boolean isRenumbered(KeyGenerator before, KeyGenerator now, Cursor read) {
        if (!before.identity().equals(now.identity())) {
            return true; // it may have restarted anywhere
        }
        return now.next().compareTo(before.next()) < 0
                && !now.isBeyond(read.values().get(0));
    }

    /** Whether the server has all rows up to the last one: proven by its log, or by the unchanged last row. */
    private boolean hasAll(Connection connection, Cursor read) throws SQLException {
        Note known = note;
        if (known == null) {
            return has(connection, read);
        }
        boolean covered = isCovered(connection);
        boolean same = known.version() != null && known.version().equals(version(connection, known.read()));
        boolean provable = known.position().isPresent() || known.version() != null;
        if (provable && !covered && !same) {
            return false;
        }
        boolean noted = provable && read.equals(known.read());
        return noted || has(connection, read); // the note of the last page may have been lost with the connection
    }

    /** Whether the log of the server proves that it has all rows that existed after the last page. */
    private boolean isCovered(Connection connection) throws SQLException {
        Optional<WalPosition> known = Optional.ofNullable(note).flatMap(Note::position);
        Optional<WalPosition.Now> now = known.isEmpty() ? Optional.empty() : position(connection);
        return now.isPresent() && now.get().covers(known.get());
    }

    private boolean has(Connection connection, Cursor read) throws SQLException {
        return row(connection, read, "1") != null || guard.isBeyond(connection, read);
    }

    private Optional<WalPosition.Now> position(Connection connection) throws SQLException {
        return Dialect.of(connection) == Dialect.POSTGRESQL ? WalPosition.of(connection) : Optional.empty();
    }

    private @Nullable String version(Connection connection, Cursor read) throws SQLException {
        return Dialect.of(connection) == Dialect.POSTGRESQL && isIndexed(connection)
                ? row(connection, read, version(connection))
                : null;
    }

    /** An expression of PostgreSQL for the version of a row. */
    private String version(Connection connection) throws SQLException {
        String name = Names.of(connection, guard.form().table().orElseThrow()).table();
        return "CONCAT(xmin, ' ', md5(CAST(" + name + ".* AS text)))";
    }

    /** Whether it is a table. A view may be computed as a whole to find one key, and its rows have no version. */
    private boolean isIndexed(Connection connection) throws SQLException {
        Optional<String> table = guard.form().table();
        return table.isPresent()
                && Names.of(connection, table.get())
                        .facts()
                        .filter(facts -> !facts.kind().provesNothing())
                        .isPresent();
    }

    /** A value of the row with this key; null if there is no such row or it cannot be queried. */
    private @Nullable String row(Connection connection, Cursor read, String value) throws SQLException {
        String table = guard.form().table().orElse(null);
        if (table == null) {
            return null;
        }
        KeysetQuery query = guard.query(connection, table);
        PageRequest one = PageRequest.of(List.of(read));
        try {
            PageQuery ofRow = new PageQuery(query.sql(one, value), statement -> query.bind(statement, one));
            return Query.first(connection, ofRow, row -> row.getString(1)).orElse(null);
        } catch (SQLException e) {
            if (CheckpointGuard.isUnknown(e)) {
                return null; // a view
            }
            throw e;
        }
    }

    private static IllegalArgumentException changed(String what, String remedy) {
        return new IllegalArgumentException("the source is not as it was: " + what + "; " + remedy);
    }
}
