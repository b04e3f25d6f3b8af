package dev.drover.pages;

import dev.drover.ledger.Cursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The SQL of claims: who may deliver which rows, and until when. A table with the key columns and these three:
 * {@code claim_token} (text), {@code claimed_until} and {@code settled_at} (time stamps, NULL at first). It may be the
 * table that is read. Time is the database's. Needs {@code FOR UPDATE SKIP LOCKED}: PostgreSQL 9.5, MariaDB 10.6,
 * MySQL 8, H2 2.2. Immutable.
 *
 * @param dialect the engine
 * @param table the table of the claims
 * @param key the key columns, in order
 */
record ClaimTable(Dialect dialect, String table, List<String> key) {

    private static final String NOW = "CURRENT_TIMESTAMP(6)";

    /** Locks rows that nobody has claimed, and returns their keys; others lock other rows meanwhile. */
    List<Cursor> lockOpen(Connection connection, int limit) throws SQLException {
        String sql = "SELECT " + keyset().names(key) + " FROM " + dialect.quote(table)
                + " WHERE settled_at IS NULL AND (claimed_until IS NULL OR claimed_until < " + NOW + ") ORDER BY "
                + keyset().names(key) + " LIMIT ? FOR UPDATE SKIP LOCKED";
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setInt(1, limit);
            return keys(statement);
        }
    }

    /** The first rows that are not settled, whoever has claimed or locked them. */
    List<Cursor> open(Connection connection, int limit) throws SQLException {
        String names = keyset().names(key);
        String sql = "SELECT " + names + " FROM " + dialect.quote(table) + " WHERE settled_at IS NULL ORDER BY " + names
                + " LIMIT ?";
        try (PreparedStatement statement = prepare(connection, sql)) {
            statement.setInt(1, limit);
            return keys(statement);
        }
    }

    /** Marks rows that are locked as claimed. */
    void claim(Connection connection, List<Cursor> keys, String token, Duration lease) throws SQLException {
        String set = "claim_token = ?, claimed_until = " + in(lease);
        try (PreparedStatement statement = update(connection, set, keys, "")) {
            statement.setString(1, token);
            keyset().bindAll(statement, 2, keys);
            statement.executeUpdate();
        }
    }

    /** Prolongs claims; returns how many there still were. */
    int renew(Connection connection, List<Cursor> keys, String token, Duration lease) throws SQLException {
        return updateOwn(connection, "claimed_until = " + in(lease), keys, token);
    }

    /** Marks claimed rows as settled; returns how many were still claimed by this token. */
    int settle(Connection connection, List<Cursor> keys, String token) throws SQLException {
        return updateOwn(connection, "claimed_until = NULL, settled_at = " + NOW, keys, token);
    }

    /** Gives claims back; returns how many there still were. */
    int release(Connection connection, List<Cursor> keys, String token) throws SQLException {
        return updateOwn(connection, "claimed_until = NULL", keys, token);
    }

    /** Deletes rows that were settled so long ago; returns how many, at most the limit. */
    int deleteSettled(Connection connection, Duration retention, int limit) throws SQLException {
        String sql = "SELECT " + keyset().names(key) + " FROM " + dialect.quote(table) + " WHERE settled_at < "
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
                prepare(connection, "DELETE FROM " + dialect.quote(table) + " WHERE " + keyset().in(old.size()))) {
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
                "UPDATE " + dialect.quote(table) + " SET " + set + " WHERE " + keyset().in(keys.size()) + condition);
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
        return new KeysetQuery(dialect, table, key, key, Consistency.STATIC);
    }

    private static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        TableReader.limit(statement, TableReader.DEFAULT_QUERY_TIMEOUT);
        return statement;
    }
}
