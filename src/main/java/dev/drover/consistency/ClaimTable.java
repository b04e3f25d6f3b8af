package dev.drover.consistency;

import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import dev.drover.rows.RowReader;
import dev.drover.rows.SourceRecord;
import dev.drover.rows.UnorderedPageException;
import dev.drover.sql.Dialect;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.Names;
import dev.drover.sql.PageQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The SQL of claims: which instance may deliver which rows, and until when. A table with the key columns and these
 * three: {@code claim_token} (text), {@code claimed_until} and {@code settled_at} (points in time, NULL at first). It
 * may be the table that is read. Time is the database's.
 *
 * <p>A token is the number of the claim and the number of the claimant. The number of the claim stays until the row is
 * settled, also when another instance claims the row. A new row with the key of a deleted one gets another number.
 *
 * <p>Needs {@code FOR UPDATE SKIP LOCKED}: PostgreSQL 9.5, MariaDB 10.6,
 * MySQL 8, H2 2.2. Immutable.
 *
 * @param dialect the engine
 * @param names the table of the claims and its columns, as they stand in SQL
 * @param rowNames the table of the rows and its columns, likewise
 * @param key the key columns, in order
 */
public record ClaimTable(Dialect dialect, Names names, Names rowNames, List<String> key) {

    /** What the table must have besides the key. */
    public static final Set<String> COLUMNS = Set.of("claim_token", "claimed_until", "settled_at");

    /** How long the number of a claim is, at the beginning of a token. */
    private static final int NUMBER_LENGTH = 16;

    /** Columns of PostgreSQL that tell the version of a row. */
    private static final Set<String> VERSIONS = Set.of("xmin", "xmax", "cmin", "cmax", "ctid");

    private static final String NOW = "CURRENT_TIMESTAMP(6)";

    /** Whether a claim in the table that is read changes this column of it. */
    public static boolean changes(String column) {
        String name = column.toLowerCase(Locale.ROOT);
        return COLUMNS.contains(name) || VERSIONS.contains(name);
    }

    /**
     * Locks rows that are not claimed; other instances lock other rows meanwhile.
     *
     * @param fresh the token of rows that have no number yet; the others keep theirs, with the end of this one
     * @return the token that each is to be claimed with, by its key
     */
    Map<Cursor, String> lockOpen(Connection connection, int limit, String fresh) throws SQLException {
        String sql = "SELECT " + keyset().names(key) + ", claim_token FROM " + names.table()
                + " WHERE settled_at IS NULL AND (claimed_until IS NULL OR claimed_until < " + NOW + ") ORDER BY "
                + keyset().names(key) + " LIMIT ? FOR UPDATE SKIP LOCKED";
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setInt(1, limit);
            Map<Cursor, String> tokens = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                RowReader reader = new RowReader(rows, 0);
                while (rows.next()) {
                    SourceRecord row = reader.read();
                    String known = row.value("claim_token") instanceof String token ? token.strip() : "";
                    String number = known.isEmpty() ? number(fresh) : number(known);
                    tokens.put(row.cursor(key), number + fresh.substring(NUMBER_LENGTH));
                }
            }
            return tokens;
        }
    }

    /** The first rows that are not settled, including those that are claimed or locked. */
    List<Cursor> open(Connection connection, int limit) throws SQLException {
        String columns = keyset().names(key);
        String sql = "SELECT " + columns + " FROM " + names.table() + " WHERE settled_at IS NULL ORDER BY " + columns
                + " LIMIT ?";
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setInt(1, limit);
            return keys(statement);
        }
    }

    /** The number of the claim that a token is of. */
    static String number(String token) {
        return token.substring(0, Math.min(NUMBER_LENGTH, token.length()));
    }

    /**
     * The keys of the rows that the database finds by these keys of claims. They need not be the same values: 1.0 is
     * equal to 1.00, and text may be equal in another case.
     */
    Map<Cursor, Cursor> rowsOf(Connection connection, List<Cursor> claimed) throws SQLException {
        List<String> list = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (int part = 0; part < key.size(); part++) {
            String claim = "c." + names.column(key.get(part));
            String row = "r." + rowNames.column(key.get(part));
            list.add(claim + " AS claimed_" + part);
            list.add(row + " AS row_" + part);
            equal.add(row + " = " + claim);
        }
        String sql = "SELECT " + String.join(", ", list) + " FROM (SELECT " + keyset().names(key) + " FROM "
                + names.table() + " WHERE " + keyset().in(claimed.size()) + ") c JOIN " + rowNames.table()
                + " r ON " + String.join(" AND ", equal);
        try (PreparedStatement statement = prepare(connection, sql)) {
            keyset().bindAll(statement, 1, claimed);
            Map<Cursor, Cursor> found = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                RowReader reader = new RowReader(rows, 0);
                while (rows.next()) {
                    SourceRecord pair = reader.read();
                    found.put(cursor(pair, "claimed_"), cursor(pair, "row_"));
                }
            }
            return found;
        }
    }

    private Cursor cursor(SourceRecord row, String prefix) {
        List<Object> values = new ArrayList<>();
        for (int part = 0; part < key.size(); part++) {
            values.add(Objects.requireNonNull(row.value(prefix + part)));
        }
        return new Cursor(key, values);
    }

    /**
     * Marks rows that are locked as claimed.
     *
     * @throws UnorderedPageException when it does not mark all of them: they would be claimed again and again
     */
    void claim(Connection connection, List<Cursor> keys, String token, Duration lease) throws SQLException {
        String set = "claim_token = ?, claimed_until = " + in(lease);
        try (PreparedStatement statement = update(connection, set, keys, "")) {
            statement.setString(1, token);
            keyset().bindAll(statement, 2, keys);
            int marked = statement.executeUpdate();
            if (marked != keys.size()) {
                throw new UnorderedPageException("the database marked " + marked + " of " + keys.size() + " rows of "
                        + names.table() + " as claimed, find the rule or the trigger that prevents it");
            }
        }
    }

    /** Prolongs claims; returns how many there still were. */
    int renew(Connection connection, List<Cursor> keys, String token, Duration lease) throws SQLException {
        return updateOwn(connection, "claimed_until = " + in(lease), keys, token);
    }

    /** Marks claimed rows as settled; returns how many were still claimed by this token. */
    int settle(Connection connection, List<Cursor> keys, String token) throws SQLException {
        return updateOwn(connection, "claim_token = NULL, claimed_until = NULL, settled_at = " + NOW, keys, token);
    }

    /** Gives claims back; returns how many there still were. */
    int release(Connection connection, List<Cursor> keys, String token) throws SQLException {
        return updateOwn(connection, "claimed_until = NULL", keys, token);
    }

    /** Deletes rows that were settled so long ago; returns how many, at most the limit. */
    int deleteSettled(Connection connection, Duration retention, int limit) throws SQLException {
        String sql = "SELECT " + keyset().names(key) + " FROM " + names.table() + " WHERE settled_at < "
                + in(retention.negated()) + " LIMIT ?";
        List<Cursor> old;
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setInt(1, limit);
            old = keys(statement);
        }
        if (old.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement =
                prepare(connection, "DELETE FROM " + names.table() + " WHERE " + keyset().in(old.size()))) {
            keyset().bindAll(statement, 1, old);
            return statement.executeUpdate();
        }
    }

    private int updateOwn(Connection connection, String set, List<Cursor> keys, String token) throws SQLException {
        try (PreparedStatement statement =
                update(connection, set, keys, " AND settled_at IS NULL AND claim_token = ?")) {
            statement.setString(keyset().bindAll(statement, 1, keys), token);
            return statement.executeUpdate();
        }
    }

    private PreparedStatement update(Connection connection, String set, List<Cursor> keys, String condition)
            throws SQLException {
        return prepare(
                connection,
                "UPDATE " + names.table() + " SET " + set + " WHERE " + keyset().in(keys.size()) + condition);
    }

    private List<Cursor> keys(PreparedStatement statement) throws SQLException {
        List<Cursor> keys = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            RowReader reader = new RowReader(rows, 0);
            while (rows.next()) {
                keys.add(reader.read().cursor(key));
            }
        }
        return keys;
    }

    /** The database's time so much later, or earlier. */
    private String in(Duration duration) {
        long seconds = duration.toSeconds();
        return switch (dialect) {
            case MARIADB -> NOW + " + INTERVAL " + seconds + " SECOND";
            case H2 -> "DATEADD(SECOND, " + seconds + ", " + NOW + ")";
            case POSTGRESQL, STANDARD -> NOW + " + INTERVAL '" + seconds + "' SECOND";
        };
    }

    private KeysetQuery keyset() {
        return new KeysetQuery(dialect, names, key, key, Consistency.STATIC);
    }

    private static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        PageQuery.limit(statement, PageQuery.DEFAULT_TIMEOUT);
        return statement;
    }
}
