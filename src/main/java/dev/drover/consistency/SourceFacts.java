package dev.drover.consistency;

import dev.drover.config.Consistency;
import dev.drover.config.Doubt;
import dev.drover.config.PagesConfig;
import dev.drover.sql.Dialect;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The facts that decide which {@link Consistency} modes a source allows. Valid while the connection is open.
 *
 * @param dialect the engine
 * @param table the table that has the key
 * @param keyTypes the engine's names of the types of the key columns
 * @param subject the table, for the premises of a proof
 * @param claims the claim table, for the premises of a proof
 * @param wrongClaims why rows cannot be claimed, as a sentence that begins with the mode; empty if they can
 */
public record SourceFacts(
        Dialect dialect,
        String table,
        List<String> keyTypes,
        Subject subject,
        Subject claims,
        Optional<Doubt> wrongClaims) {

    /** Looks the facts up. */
    public static SourceFacts of(Connection connection, String table, PagesConfig config) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        Subject subject = subject(connection, dialect, table, config);
        List<String> types = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(
                        "SELECT " + String.join(", ", subject.key()) + " FROM " + subject.quoted() + " WHERE 1 = 0")) {
            ResultSetMetaData metaData = none.getMetaData();
            for (int column = 1; column <= subject.key().size(); column++) {
                types.add(metaData.getColumnTypeName(column));
            }
        }
        String claims = config.claims().tableOr(table);
        return new SourceFacts(
                dialect,
                table,
                List.copyOf(types),
                subject,
                claims.equals(table) ? subject : subject(connection, dialect, claims, config),
                config.consistency() == Consistency.CLAIM
                        ? ClaimFacts.wrong(connection, table, config)
                        : Optional.empty());
    }

    private static Subject subject(Connection connection, Dialect dialect, String table, PagesConfig config)
            throws SQLException {
        Optional<TableFacts> found = TableFacts.of(connection, table);
        List<String> names = new ArrayList<>();
        for (String column : config.key()) {
            names.add(found.flatMap(facts -> facts.column(column))
                    .map(TableFacts.Column::name)
                    .orElse(column));
        }
        return new Subject(
                connection,
                table,
                found.map(TableFacts::schema).orElse(""),
                found.map(TableFacts::name).orElse(table),
                found.map(facts -> facts.quoted(dialect)).orElseGet(() -> dialect.quote(table)),
                names.stream()
                        .map(found.isPresent() ? dialect::quoteExactly : dialect::quote)
                        .toList(),
                List.copyOf(names),
                config.promises());
    }

    /** Whether the first key column is the number of the transaction that wrote the row. */
    public boolean beginsWithTransaction() {
        return dialect == Dialect.POSTGRESQL && keyTypes.get(0).equals("xid8");
    }

    /**
     * Checks the premises of a mode.
     *
     * @return the first that does not hold; empty if all hold
     * @throws SQLException if the database fails; to be tried again
     */
    public Optional<Doubt> doubt(Consistency mode) throws SQLException {
        Optional<Proof> proof = proof(mode);
        return proof.isPresent() ? proof.get().doubt(mode == Consistency.CLAIM ? claims : subject) : Optional.empty();
    }

    /** The proof of a mode on this engine; empty if there is none. */
    private Optional<Proof> proof(Consistency mode) {
        return Optional.ofNullable(
                switch (mode) {
                    case LOCK ->
                        switch (dialect) {
                            case POSTGRESQL -> Proof.LOCK_POSTGRESQL;
                            case MARIADB -> Proof.LOCK_MARIADB;
                            default -> null;
                        };
                    case SESSIONS -> dialect == Dialect.H2 ? Proof.SESSIONS : null;
                    case XID -> dialect == Dialect.POSTGRESQL ? Proof.XID : null;
                    case LAG ->
                        switch (dialect) {
                            case POSTGRESQL -> Proof.LAG_POSTGRESQL;
                            case MARIADB -> Proof.LAG_MARIADB;
                            case H2 -> Proof.LAG_H2;
                            case STANDARD -> Proof.LAG_STANDARD;
                        };
                    case CLAIM -> Proof.CLAIM;
                    case AUTO, STATIC -> null;
                });
    }
}
