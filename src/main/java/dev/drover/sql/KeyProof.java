package dev.drover.sql;

import dev.drover.config.Doubt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether the catalog proves a key: no two rows have the same key, and no key has a NULL. Of a view, a foreign table or
 * a join it proves nothing. There the reading shows it: equal neighbours halt the pipeline, also at the end of a page.
 *
 * @param facts of the table that has the key
 * @param key the key columns
 * @param neverNull the columns in which the SQL of the read step leaves out NULL
 * @param repeated whether the SQL of the read step may return a row of the table more than once
 */
public record KeyProof(TableFacts facts, List<String> key, Set<String> neverNull, boolean repeated) {

    /** Whether the catalog proves that no two rows that are read have the same key. */
    public boolean isUnique() {
        return !repeated && facts.isUnique(key);
    }

    /** Whether only reading shows that the key of the table is one. */
    public boolean isLeftToReading() {
        return facts.kind().provesNothing()
                || (facts.kind() == TableFacts.Kind.MATERIALIZED_VIEW && !facts.isUnique(key));
    }

    /**
     * What is wrong; none when the key is proven, or left to reading.
     *
     * @throws IllegalArgumentException when more than one column has a name
     */
    public List<Doubt> doubts() {
        List<Doubt> doubts = new ArrayList<>();
        if (facts.kind() == TableFacts.Kind.TEMPORARY) {
            doubts.add(new Doubt(
                    facts.fullName() + " is a temporary table, which only the connection that made it sees",
                    "read a table that stays"));
        }
        boolean known = key.stream().allMatch(part -> facts.column(part).isPresent());
        if (isLeftToReading() || !known) {
            return doubts; // the page itself reports a missing column
        }
        for (String nullable : nullable()) {
            doubts.add(new Doubt(
                    nullable + " may be NULL, and a row without a key would never be read",
                    "make it NOT NULL, or name another key"));
        }
        if (!facts.isUnique(key)) {
            doubts.add(notUnique());
        }
        return doubts;
    }

    /** The key columns that may be NULL, or of which this is not known, and that the SQL does not leave out. */
    public List<String> nullable() {
        return key.stream()
                .filter(part ->
                        facts.column(part).filter(TableFacts.Column::nullable).isPresent())
                .filter(part -> neverNull.stream().noneMatch(part::equalsIgnoreCase))
                .toList();
    }

    /** What is wrong when there is a row without a key. */
    public Doubt withoutKey() {
        String list = String.join(", ", nullable());
        return new Doubt(
                "there are rows whose " + list + " is NULL, and they would never be read",
                "give them a key, or leave them out: " + nullable().get(0) + " IS NOT NULL in the view or in the SQL");
    }

    private Doubt notUnique() {
        String flaws = facts.flaws(key);
        String names = String.join(", ", key);
        String text = names + " is not unique, as far as the catalog says of " + facts.fullName()
                + (flaws.isEmpty() ? "" : " (" + flaws + ")")
                + ", and rows that share a key at the end of a page would be passed over";
        return new Doubt(
                text,
                facts.primaryKey().isEmpty()
                        ? "CREATE UNIQUE INDEX ON " + facts.fullName() + " (" + names + "), or name columns that are"
                                + " unique in key"
                        : "name the columns of a primary key or unique index, such as "
                                + String.join(", ", facts.primaryKey()));
    }
}
