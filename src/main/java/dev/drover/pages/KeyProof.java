package dev.drover.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether the catalog proves a key: no two rows have the same, and none has NULL in it. Of a view or a foreign table it
 * proves nothing. Reading shows a part of it: a page with equal neighbours halts the pipeline. Equal keys on both sides
 * of a page's end are not seen.
 *
 * @param facts of the table that has the key
 * @param key the key columns
 * @param neverNull the columns in which the SQL of the read step leaves out NULL
 */
public record KeyProof(TableFacts facts, List<String> key, Set<String> neverNull) {

    /**
     * What keeps a table from being read by a key.
     *
     * @param text what is wrong
     * @param remedy what to do
     */
    public record Doubt(String text, String remedy) {

        @Override
        public String toString() {
            return text + "; " + remedy;
        }
    }

    /** Whether only reading shows that the key is one. */
    public boolean isLeftToReading() {
        return facts.kind().provesNothing()
                || (facts.kind() == TableFacts.Kind.MATERIALIZED_VIEW && !facts.isUnique(key));
    }

    /**
     * What is wrong; none when the key is proven, or left to reading.
     *
     * @throws IllegalArgumentException when a name is that of more than one column
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
            return doubts; // that a column is missing is told by the page itself
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
