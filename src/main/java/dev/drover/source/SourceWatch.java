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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
 * Notices while a pipeline reads that its source is no longer the one that was read so far: another server, a server
 * that has lost rows, a table that was emptied or renumbered. New rows could then get keys that were passed already.
 * Looks over each new connection, after each failure, and once a second. To look at a view may compute all of it, so that
 * takes at most a twentieth of the time. For one thread.
 */
public final class SourceWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** How much longer than a look at a view is the pause behind it. */
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

    /** The server that answered last, and what gave the next key then. */
    private record Server(String life, Optional<String> cluster, Optional<KeyGenerator> generator) {}

    /**
     * How far was read.
     *
     * @param position where the server was then; empty where that proves nothing
     * @param read the key of the last row that was read
     * @param version what is the same for one version of that row and another for each other row; null if not known
     */
    private record Note(Optional<WalPosition> position, Cursor read, @Nullable String version) {}

    public SourceWatch(CheckpointGuard guard) {
        this.guard = guard;
    }

    /** Reading has failed: another server may answer next. */
    public void failed() {
        due = true;
        interrupted = true;
    }

    /**
     * What is awaited after the rows that were read last were deleted and a promise says that this is harmless; null if
     * they are there, or new ones are.
     */
    @Nullable
    public String awaited() {
        return gone;
    }

    /**
     * Looks, if there is reason to; to be called before each page.
     *
     * @param read the key of the last row that was read; null if none was
     * @param mode how it is read
     * @return whether a connection has answered since the last call that was not seen before
     * @throws IllegalArgumentException if the source is not the same any more, with the remedy
     * @throws SQLException if it cannot be asked now
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
     * To be called when a page is read and nothing of it has gone anywhere.
     *
     * @throws SQLException if it may be of another server than the one that was looked at
     */
    public void requireSameServer() throws SQLException {
        if (guard.isOfUse() && changes != DatabasePool.changes(guard.form().source())) {
            throw new SQLException("another server answers");
        }
    }

    /**
     * Notes what proves later that a server has this row and all before it; to be called after each page, under the same
     * conditions as {@link #look}.
     */
    public void wasRead(Cursor read, Consistency mode) throws SQLException {
        if (guard.isOfUse()) {
            try (Connection connection = guard.form().source().getConnection()) {
                checkIfDue(connection, read, mode);
                // the position after the row was read, so that its commit is before it
                note = note(connection, read);
            }
        }
    }

    /** Asks for both in one statement, as it is asked for each page. */
    private Note note(Connection connection, Cursor read) throws SQLException {
        if (Dialect.of(connection) != Dialect.POSTGRESQL || !isIndexed(connection)) {
            return new Note(position(connection).map(WalPosition.Now::position), read, null);
        }
        KeysetQuery query = guard.query(connection, guard.form().table().orElseThrow());
        PageRequest one = PageRequest.of(List.of(read));
        String sql = "SELECT " + WalPosition.NOW + ", (" + query.sql(one, version(connection)) + ")";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
            query.bind(statement, one);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Note(Optional.of(WalPosition.Now.of(row).position()), read, row.getString(5));
            }
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
            due = true; // until it was answered
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

    /** The last rows that were read may be gone if keys grow and the server is proven to be the one that was read. */
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
                    guard.byHand());
        }
        if (read == null) {
            return;
        }
        if (!before.life().equals(now.life()) && !hasAll(connection, read)) {
            throw changed(
                    "another server answers, or the same one after a restart, and it is not sure to have all rows up"
                            + " to "
                            + read + ", which were read before",
                    "if it has, start again; if not, " + guard.byHand());
        }
        if (before.generator().isPresent()
                && now.generator().isPresent()
                && isNumberedAnew(before.generator().get(), now.generator().get(), read)) {
            throw changed(
                    "the next key is " + now.generator().get().next() + " and was "
                            + before.generator().get().next() + ": the keys are numbered anew, and rows up to " + read
                            + " were read",
                    guard.byHand());
        }
    }

    private static boolean isNumberedAnew(KeyGenerator before, KeyGenerator now, Cursor read) {
        if (!before.identity().equals(now.identity())) {
            return true; // where it began meanwhile is not known
        }
        return now.next().compareTo(before.next()) < 0
                && !now.isBeyond(read.values().get(0));
    }

    /** By the server's log, if it proves it; else by the last row that was read, which must be there as it was. */
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
        return noted || has(connection, read); // a page may have been read whose note was lost with the connection
    }

    /** Whether the server's log proves that it has all that was there after the last page. */
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

    /** Not a view or the like: to find one key it may be computed as a whole, and its rows have no version. */
    private boolean isIndexed(Connection connection) throws SQLException {
        Optional<String> table = guard.form().table();
        return table.isPresent()
                && Names.of(connection, table.get())
                        .facts()
                        .filter(facts -> !facts.kind().provesNothing())
                        .isPresent();
    }

    /** A value of the row with this key; null if there is no such row, or nothing of it can be asked for. */
    private @Nullable String row(Connection connection, Cursor read, String value) throws SQLException {
        String table = guard.form().table().orElse(null);
        if (table == null) {
            return null;
        }
        KeysetQuery query = guard.query(connection, table);
        PageRequest one = PageRequest.of(List.of(read));
        try (PreparedStatement statement = connection.prepareStatement(query.sql(one, value))) {
            PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
            query.bind(statement, one);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
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
