package dev.drover.sql;

import dev.drover.config.Doubt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides whether the catalog proves that a key is unique and never NULL. For a view, a foreign table or a join it
 * proves nothing. There, two equal keys in sequence halt the pipeline, even across pages.
 *
 * @param facts the facts about the table that has the key
 * @param key the key columns
 * @param neverNull the columns that the SQL of the read step requires to be NOT NULL
 * @param repeated whether the SQL of the read step may return a row of the table more than once
 */
public record KeyProof(TableFacts facts, List<String> key, Set<String> neverNull, boolean repeated) {

    /** Whether the catalog proves that no two rows have the same key. */
    public boolean isUnique() {
        return !repeated && facts.isUnique(key);
    }

    /** Whether only reading can show that the key is unique and never NULL. */
    public boolean isLeftToReading() {
        return facts.kind().provesNothing()
                || (facts.kind() == TableFacts.Kind.MATERIALIZED_VIEW && !facts.isUnique(key));
    }

    /**
     * The doubts about the key; none if it is proven or left to reading.
     *
     * @throws IllegalArgumentException if a name matches more than one column
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
            return doubts; // the first page reports a missing column
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

    /** The key columns that may be NULL, except those that the SQL requires to be NOT NULL. */
    public List<String> nullable() {
        return key.stream()
                .filter(part ->
                        facts.column(part).filter(TableFacts.Column::nullable).isPresent())
                .filter(part -> neverNull.stream().noneMatch(part::equalsIgnoreCase))
                .toList();
    }

    /** The doubt about a row without a key. */
    public Doubt withoutKey() {
        String list = String.join(", ", nullable());
        return new Doubt(
                "there are rows whose " + list + " is NULL, and they would never be read",
                "give them a key, or leave them out: " + nullable().get(0) + " IS NOT NULL in the view or in the SQL");
    }

    private Doubt notUnique() {
        String flaws = facts.flaws(key);
        String names = String.join(", ", key);
        String text = names + " is not unique, by the catalog of " + facts.fullName()
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
