package dev.drover.pages;

import dev.drover.consistency.PremiseException;
import dev.drover.consistency.Proof;
import dev.drover.consistency.Subject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What decides which {@link Consistency} modes a source allows. Its connection is open as long as it is used.
 *
 * @param dialect the engine
 * @param table the table that has the key
 * @param keyTypes the engine's names of the key columns' types
 * @param claimable whether the table of the claims has the columns for them; false where nobody claims
 * @param subject what the premises of a proof are looked at on
 */
public record SourceFacts(Dialect dialect, String table, List<String> keyTypes, boolean claimable, Subject subject) {

    /** Looks them up. */
    static SourceFacts of(Connection connection, String table, PagesConfig config) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        Optional<TableFacts> found = TableFacts.of(connection, table);
        String relation = found.map(facts -> facts.quoted(dialect)).orElseGet(() -> dialect.quote(table));
        List<String> names = new ArrayList<>();
        for (String column : config.key()) {
            names.add(found.flatMap(facts -> facts.column(column))
                    .map(TableFacts.Column::name)
                    .orElse(column));
        }
        List<String> quoted = names.stream()
                .map(found.isPresent() ? dialect::quoteExactly : dialect::quote)
                .toList();
        List<String> types = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(
                        "SELECT " + String.join(", ", quoted) + " FROM " + relation + " WHERE 1 = 0")) {
            ResultSetMetaData metaData = none.getMetaData();
            for (int column = 1; column <= quoted.size(); column++) {
                types.add(metaData.getColumnTypeName(column));
            }
        }
        return new SourceFacts(
                dialect,
                table,
                List.copyOf(types),
                config.consistency() == Consistency.CLAIM
                        && isClaimable(connection, config.claims().tableOr(table)),
                new Subject(
                        connection,
                        table,
                        found.map(TableFacts::schema).orElse(""),
                        found.map(TableFacts::name).orElse(table),
                        relation,
                        quoted,
                        names,
                        config.promises()));
    }

    /** Whether the first key column holds the number of the transaction that wrote the row. */
    public boolean beginsWithTransaction() {
        return dialect == Dialect.POSTGRESQL && keyTypes.get(0).equals("xid8");
    }

    /**
     * Looks at the premises of a mode's proof.
     *
     * @return the first that does not hold; empty when all of them do
     * @throws SQLException when the database cannot be asked now
     */
    Optional<PremiseException> doubt(Consistency mode) throws SQLException {
        Optional<Proof> proof = mode.proof(dialect);
        try {
            if (proof.isPresent()) {
                proof.get().require(subject);
            }
            return Optional.empty();
        } catch (PremiseException e) {
            return Optional.of(e);
        }
    }

    private static boolean isClaimable(Connection connection, String table) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(
                        "SELECT * FROM " + Dialect.of(connection).quote(table) + " WHERE 1 = 0")) {
            for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
                columns.add(none.getMetaData().getColumnLabel(column).toLowerCase(Locale.ROOT));
            }
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("42")) {
                throw e;
            } // there is no such table, or it may not be read
        }
        return columns.containsAll(ClaimTable.COLUMNS);
    }
}
