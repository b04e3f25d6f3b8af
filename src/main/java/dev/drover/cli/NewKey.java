package dev.drover.cli;

import dev.drover.config.Doubt;
import dev.drover.folder.BadInputException;
import dev.drover.sql.KeyProof;
import dev.drover.sql.KeyTypes;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the key of a new pipeline. */
final class NewKey {

    private static final Set<String> INEXACT =
            Set.of("float4", "float8", "real", "double precision", "double", "decfloat");

    private NewKey() {}

    /**
     * The wished key, or else the key of the table. For a view the user must name the key, because no catalog proves
     * it.
     *
     * @return the columns in order, with their names in the catalog
     * @throws BadInputException if there is no key, or the catalog shows that it is not unique, may be NULL or cannot
     *     be a cursor
     * @throws SQLException if the database fails
     */
    static List<String> of(Connection connection, TableFacts table, List<String> wished) throws SQLException {
        boolean unproven = new KeyProof(table, wished, Set.of(), false).isLeftToReading();
        List<String> chosen = wished.isEmpty() ? own(table) : wished;
        if (chosen.isEmpty()) {
            throw unproven
                    ? new BadInputException("--key: " + table.name() + " is a "
                            + table.kind().words()
                            + ", of which the catalog proves no key; name the columns that no two"
                            + " of its rows share and that are never NULL, such as --key "
                            + table.columns().get(0).name())
                    : refused(
                            table,
                            "has no primary key and no unique index whose columns are NOT NULL: without such a key rows"
                                    + " would be skipped or read twice");
        }
        List<String> names = new ArrayList<>();
        for (String column : chosen) {
            names.add(column(table, column, unproven).name());
        }
        if (!unproven && !table.isUnique(names)) {
            String flaws = table.flaws(names);
            throw refused(
                    table,
                    "has no primary key or unique index within " + String.join(", ", names)
                            + (flaws.isEmpty() ? "" : " (" + flaws + ")") + ": rows that share a key would be skipped");
        }
        Optional<Doubt> refusal = KeyTypes.refusal(connection, table, names);
        if (refusal.isPresent()) {
            throw refused(
                    table,
                    "has a key that cannot be a cursor: " + refusal.get().text() + "; "
                            + refusal.get().remedy());
        }
        return List.copyOf(names);
    }

    /**
     * The key that the catalog proves; none if it proves none. A key that begins with the number of the transaction is
     * preferred, because it misses no row that is committed late.
     */
    private static List<String> own(TableFacts table) {
        List<List<String>> keys = table.keys().stream()
                .filter(TableFacts.UniqueKey::isProven)
                .map(TableFacts.UniqueKey::columns)
                .filter(index -> index.stream().allMatch(part -> table.column(part)
                        .filter(known -> !known.nullable())
                        .isPresent()))
                .toList();
        Optional<List<String>> byTransaction = keys.stream()
                .filter(index -> table.column(index.get(0))
                        .filter(first -> first.vendorType().equals("xid8"))
                        .isPresent())
                .findFirst();
        return byTransaction
                .or(() -> keys.stream().findFirst()) // the primary key, if there is one
                .orElse(List.of());
    }

    private static TableFacts.Column column(TableFacts table, String name, boolean unproven) {
        TableFacts.Column known = table.column(name)
                .orElseThrow(() -> new BadInputException("--key: " + table.name() + " has no column " + name
                        + "; it has "
                        + String.join(
                                ", ",
                                table.columns().stream()
                                        .map(TableFacts.Column::name)
                                        .toList())));
        if (known.nullable() && !unproven) {
            throw refused(table, "may have NULL in the key column " + name + ": such rows would never be read");
        }
        if (known.name().contains(",")) {
            throw refused(table, "has a key column with a comma in its name (" + name + "): read a view of it");
        }
        if (INEXACT.contains(known.vendorType())) {
            throw refused(
                    table,
                    "has the key column " + name + " of type " + known.vendorType()
                            + ", which cannot be a cursor; allowed are whole numbers, decimals, text, uuid, dates and"
                            + " times of a day");
        }
        return known;
    }

    private static BadInputException refused(TableFacts table, String why) {
        return new BadInputException("--table: " + table.name() + " " + why);
    }
}
