package dev.drover.replication;

import dev.drover.config.Doubt;
import dev.drover.rows.ChangeFeed;
import dev.drover.rows.PageReader;
import dev.drover.rows.TableReader;
import dev.drover.rows.UnorderedPageException;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.Dialect;
import dev.drover.sql.Query;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * A replication slot of PostgreSQL and its publication, for one pipeline. The user creates both. Drover creates no slot,
 * because replacing a lost slot would hide that changes are missing. Thread-safe once it is set up.
 */
public final class Slot implements ChangeFeed {

    /** The types of a key, and how a text of the log becomes the value that a query returns. */
    static final Map<String, Function<String, Object>> KEYS = Map.of(
            "int2", Integer::valueOf,
            "int4", Integer::valueOf,
            "int8", Long::valueOf,
            "text", text -> text,
            "varchar", text -> text,
            "uuid", UUID::fromString);

    private static final String FOUND =
            "SELECT plugin = 'pgoutput' AND database = current_database() AND wal_status IS DISTINCT FROM 'lost',"
                    + " confirmed_flush_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = ?";

    private static final String NOW = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn";

    private static final String MOVE = "SELECT pg_replication_slot_advance(?, '0/0'::pg_lsn + CAST(? AS numeric))";

    private static final String PUBLISHED =
            "SELECT p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND to_jsonb(t)->>'rowfilter' IS NULL"
                    + " FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname"
                    + " WHERE p.pubname = ? AND t.schemaname = ? AND t.tablename = ?";

    private static final String IDENTITY =
            "SELECT a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                    + " WHERE c.oid = CAST(? AS regclass) AND (c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i"
                    + " WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)"
                    + " AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END))";

    private static final String WHOLE = "SELECT relreplident = 'f' FROM pg_class WHERE oid = CAST(? AS regclass)";

    @SuppressWarnings("NullAway.Init") // set by the routes
    private String name;

    @SuppressWarnings("NullAway.Init") // set by the routes
    private String publication;

    /** The name of the slot. */
    public void setName(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** The publication that has the table. */
    public void setPublication(String publication) {
        this.publication = publication;
    }

    String publication() {
        return publication;
    }

    @Override
    public Optional<Doubt> doubt(Connection connection, ChangeLog of) throws SQLException {
        TableFacts table = of.table();
        if (of.dialect() != Dialect.POSTGRESQL) {
            return Doubt.doubt("replication slots exist only in PostgreSQL, and the source is another database", "");
        }
        boolean works =
                Query.first(connection, FOUND, row -> row.getBoolean(1), name).orElse(false);
        if (!works) {
            return Doubt.doubt(
                    "there is no replication slot " + name
                            + " of this database and pgoutput that still has its changes: changes are missing",
                    "drop the lost slot, create it with SELECT pg_create_logical_replication_slot('" + name
                            + "', 'pgoutput'), then run drover checkpoint reset with the name of the pipeline");
        }
        if (!Query.first(connection, PUBLISHED, row -> row.getBoolean(1), publication, table.schema(), table.name())
                .orElse(false)) {
            return Doubt.doubt(
                    "the publication " + publication + " does not publish every insert, update, delete and truncate of "
                            + table.fullName() + ": changes are missing",
                    "add the table without a filter; if it was there before, create the slot again, then run drover"
                            + " checkpoint reset with the name of the pipeline");
        }
        List<String> identity =
                Query.all(connection, IDENTITY, row -> row.getString(1), table.quoted(Dialect.POSTGRESQL));
        return of.key().stream()
                .filter(part -> !identity.contains(part.name()) || !KEYS.containsKey(part.vendorType()))
                .map(part -> new Doubt(
                        "the key column " + part.name() + " of " + table.fullName() + " has type " + part.vendorType()
                                + ", or is not part of the replica identity",
                        "use the columns of the primary key, with the types "
                                + String.join(", ", new TreeSet<>(KEYS.keySet()))))
                .findFirst();
    }

    /** Whether the log has the whole row before a change. */
    boolean isWhole(Connection connection, TableFacts table) throws SQLException {
        return Query.first(connection, WHOLE, row -> row.getBoolean(1), table.quoted(Dialect.POSTGRESQL))
                .orElse(false);
    }

    @Override
    public PageReader reader(DataSource source, String table, TableReader rows, boolean snapshot) {
        return new SlotReader(this, source, table, rows, snapshot);
    }

    /**
     * Moves the slot up to a checkpoint, because a process that was killed may have left it behind.
     *
     * @param position the log position of the checkpoint
     * @param isEnd whether all transactions that are committed up to this position are settled
     * @throws UnorderedPageException if changes may be missing between the checkpoint and the slot
     */
    void moveTo(Connection connection, long position, boolean isEnd) throws SQLException {
        long confirmed = confirmed(connection);
        if (confirmed > position) {
            throw new UnorderedPageException(
                    "the replication slot " + name + " is ahead of the checkpoint: it was created"
                            + " again, or another program reads it, and changes are missing; start the pipeline again from the"
                            + " beginning with drover checkpoint reset");
        }
        if (Query.first(connection, NOW, row -> row.getLong(1)).orElseThrow() < position) {
            throw new UnorderedPageException(
                    "the server is behind the checkpoint: it was restored, or is another one; start"
                            + " the pipeline again from the beginning with drover checkpoint reset");
        }
        if (isEnd && confirmed < position) {
            boolean unused = Query.first(connection, MOVE, row -> true, name, String.valueOf(position))
                    .orElseThrow();
        }
    }

    /**
     * Returns the position up to which the slot was acknowledged.
     *
     * @throws SQLException if there is no such slot, or the database fails
     */
    long confirmed(Connection connection) throws SQLException {
        return Query.first(connection, FOUND, row -> row.getLong(2), name)
                .orElseThrow(() -> new SQLException("there is no replication slot " + name));
    }
}
