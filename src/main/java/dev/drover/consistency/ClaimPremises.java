package dev.drover.consistency;

import dev.drover.config.Doubt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What any database shows of the table of the claims. */
final class ClaimPremises {

    private static final List<String> COLUMNS = List.of("claim_token", "claimed_until", "settled_at");

    private ClaimPremises() {}

    static Optional<Doubt> columns(Subject claims) throws SQLException {
        Set<String> missing = new TreeSet<>(COLUMNS);
        try (Statement statement = claims.connection().createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + claims.quoted() + " WHERE 1 = 0")) {
            for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
                missing.remove(none.getMetaData().getColumnLabel(column).toLowerCase(Locale.ROOT));
            }
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("42")) {
                throw e;
            } // there is no such table, or it may not be read
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Doubt(
                        claims.table() + " has no " + String.join(", ", missing),
                        "add the columns as consistency.md shows, or name a table that has them in claimTable"));
    }
}
