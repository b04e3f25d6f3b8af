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
 * The SQL of the claim table, which says which instance may deliver which row, and until when. The table has the key
 * columns and {@code claim_token} (text), {@code claimed_until} and {@code settled_at} (time stamps, NULL at first). It
 * may be the source table. All times are the database's.
 *
 * <p>A token consists of the number of the claim and the number of the claimant. A claim keeps its number until the row
 * is settled, even if another instance takes the claim over. A new row with the key of a deleted row gets a new number.
 *
 * <p>Needs {@code FOR UPDATE SKIP LOCKED}: PostgreSQL 9.5, MariaDB 10.6, MySQL 8, H2 2.2. Immutable.
 *
 * @param dialect the engine
 * @param names the SQL names of the claim table and its columns
 * @param rowNames the SQL names of the source table and its columns
 * @param key the key columns, in order
 */
public record ClaimTable(Dialect dialect, Names names, Names rowNames, List<String> key) {

    /** The columns that the table must have besides the key. */
    public static final Set<String> COLUMNS = Set.of("claim_token", "claimed_until", "settled_at");

    /** The length of the number of a claim, with which a token begins. */
    private static final int NUMBER_LENGTH = 16;

    /** PostgreSQL's system columns that change with each version of a row. */
    private static final Set<String> VERSIONS = Set.of("xmin", "xmax", "cmin", "cmax", "ctid");

    private static final String NOW = "CURRENT_TIMESTAMP(6)";

    /** Whether a claim in the source table changes this column. */
    public static boolean changes(String column) {
        String name = column.toLowerCase(Locale.ROOT);
        return COLUMNS.contains(name) || VERSIONS.contains(name);
    }

    /**
     * Locks rows that are not claimed. Other instances lock other rows at the same time.
     *
     * @param fresh the token for rows without a number; rows with a number keep it, with the claimant of this token
     * @return the token to claim each row with, by its key
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

    /** The keys of the first unsettled rows, including claimed and locked ones. */
    List<Cursor> open(Connection connection, int limit) throws SQLException {
        String columns = keyset().names(key);
        String sql = "SELECT " + columns + " FROM " + names.table() + " WHERE settled_at IS NULL ORDER BY " + columns
                + " LIMIT ?";
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setInt(1, limit);
            return RowReader.keys(statement, key);
        }
    }

    /** The number of the claim in a token. */
    static String number(String token) {
        return token.substring(0, Math.min(NUMBER_LENGTH, token.length()));
    }

    /**
     * Finds the rows of claims. Returns the key of the row by the key of the claim. The two may differ: 1.0 equals 1.00,
     * and text may be equal in another case.
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
     * Claims locked rows.
     *
     * @throws UnorderedPageException if the database does not mark all of them, since they would be claimed for ever
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

    /** Extends claims. Returns the number of claims that this token still had. */
    int renew(Connection connection, List<Cursor> keys, String token, Duration lease) throws SQLException {
        return updateOwn(connection, "claimed_until = " + in(lease), keys, token);
    }

    /** Settles rows. Returns the number of claims that this token still had. */
    int settle(Connection connection, List<Cursor> keys, String token) throws SQLException {
        return updateOwn(connection, "claim_token = NULL, claimed_until = NULL, settled_at = " + NOW, keys, token);
    }

    /** Releases claims. Returns the number of claims that this token still had. */
    int release(Connection connection, List<Cursor> keys, String token) throws SQLException {
        return updateOwn(connection, "claimed_until = NULL", keys, token);
    }

    /** Deletes claims that were settled before the retention, at most the limit. Returns their number. */
    int deleteSettled(Connection connection, Duration retention, int limit) throws SQLException {
        String sql = "SELECT " + keyset().names(key) + " FROM " + names.table() + " WHERE settled_at < "
                + in(retention.negated()) + " LIMIT ?";
        List<Cursor> old;
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setInt(1, limit);
            old = RowReader.keys(statement, key);
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

    /** The current time of the database plus this duration, which may be negative. */
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
