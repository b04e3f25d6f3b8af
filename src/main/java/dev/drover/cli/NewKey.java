package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.sql.KeyTypes;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The key by which a new pipeline reads.
 *
 * @param columns as the catalog names them, in order
 */
record NewKey(List<String> columns) {

    private static final Set<String> INEXACT =
            Set.of("float4", "float8", "real", "double precision", "double", "decfloat");

    /**
     * The wished key, or else the table's own.
     *
     * @throws BadInputException if it is not unique, may be NULL, or cannot be a cursor, with the reason
     * @throws SQLException if the database cannot be asked
     */
    static NewKey of(Connection connection, TableFacts table, List<String> wished) throws SQLException {
        if (table.kind().provesNothing()) {
            throw refused(
                    table,
                    "is a " + table.kind().words()
                            + ", and nothing says that a key of it is unique; write its route by hand");
        }
        List<String> names = new ArrayList<>();
        for (String column : wished.isEmpty() ? own(table) : wished) {
            names.add(column(table, column).name());
        }
        if (!table.isUnique(names)) {
            String flaws = table.flaws(names);
            throw refused(
                    table,
                    "has no primary key or unique index within " + String.join(", ", names)
                            + (flaws.isEmpty() ? "" : " (" + flaws + ")") + ": rows that share a key would be skipped");
        }
        Optional<KeyTypes.Refusal> refusal = KeyTypes.refusal(connection, table, names);
        if (refusal.isPresent()) {
            throw refused(
                    table,
                    "has a key that cannot be a cursor: " + refusal.get().text() + "; "
                            + refusal.get().remedy());
        }
        return new NewKey(List.copyOf(names));
    }

    /** A key that begins with the transaction comes first: read by it, no row that is committed late is missed. */
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
                .orElseThrow(() -> refused(
                        table,
                        "has no primary key and no unique index whose columns are NOT NULL: without such a key rows"
                                + " would be skipped or read twice"));
    }

    private static TableFacts.Column column(TableFacts table, String name) {
        TableFacts.Column known = table.column(name)
                .orElseThrow(() -> new BadInputException("--key: " + table.name() + " has no column " + name
                        + "; it has "
                        + String.join(
                                ", ",
                                table.columns().stream()
                                        .map(TableFacts.Column::name)
                                        .toList())));
        if (known.nullable()) {
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
