package dev.drover.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the database's catalog says of exactly the relation that a name finds: in its schema, or by the search path
 * (PostgreSQL), the current schema (H2) or the current database (MariaDB). Immutable.
 *
 * @param schema its schema as in the catalog; empty where tables have none
 * @param name its name as in the catalog
 * @param kind what it is
 * @param columns its columns, in order
 * @param keys its primary key, if it has one, and its unique indexes, those too that prove nothing
 */
public record TableFacts(String schema, String name, Kind kind, List<Column> columns, List<UniqueKey> keys) {

    /** What a relation is. */
    public enum Kind {
        TABLE("table"),
        PARTITIONED("partitioned table"),
        PARTITION("partition"),
        /** A table of which others inherit: a query of it returns their rows too, and they share no index with it. */
        PARENT("table of which others inherit"),
        /** Keeps the former versions of its rows; a plain query does not return them. */
        SYSTEM_VERSIONED("system-versioned table"),
        /** Seen by one connection only. */
        TEMPORARY("temporary table"),
        /** Its rows are kept elsewhere, where the catalog proves nothing: foreign and linked tables, MariaDB's CONNECT. */
        FOREIGN("foreign table"),
        MATERIALIZED_VIEW("materialized view"),
        VIEW("view");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** How a message names it. */
        public String words() {
            return words;
        }

        /** Whether the catalog can never prove a key of it, so that only reading it shows. */
        public boolean provesNothing() {
            return this == VIEW || this == FOREIGN;
        }
    }

    /**
     * A column.
     *
     * @param name as in the catalog
     * @param vendorType the database's own name of the type, in lower case and without a length: that under a domain,
     *     {@code enum} for every enumeration of PostgreSQL
     * @param declaration the type as it was declared: {@code decimal(12,2) unsigned}, or the name of the domain
     * @param nullable whether it may be NULL, or this is not known
     * @param collation by which its text is compared; null where it holds none
     */
    public record Column(
            String name, String vendorType, String declaration, boolean nullable, @Nullable Collation collation) {}

    /**
     * How text is compared.
     *
     * @param name of the collation; of the database's default, its locale
     * @param provider {@code libc}, {@code icu} or {@code builtin} on PostgreSQL, the engine elsewhere
     * @param deterministic whether only the same text is equal, apart from blanks at its end where it pads
     * @param padsSpaces whether the shorter text is compared as if it ended with blanks
     */
    public record Collation(String name, String provider, boolean deterministic, boolean padsSpaces) {}

    /**
     * A primary key or a unique index.
     *
     * @param index its name
     * @param primary whether it is the primary key
     * @param columns its columns in order, without those that it only includes and without expressions
     * @param flaw why no two rows are kept from being equal in the columns, for a sentence that begins with the index;
     *     empty when they are
     */
    public record UniqueKey(String index, boolean primary, List<String> columns, String flaw) {

        /** Whether the database keeps any two rows from being equal in the columns. */
        public boolean isProven() {
            return flaw.isEmpty();
        }
    }

    /**
     * The facts of a table; empty if there is none of this name that the user may see.
     *
     * @param table with or without its schema; found in any case, and in double quotes to the letter
     * @throws IllegalArgumentException when tables differ only in case and more than one may be meant
     */
    public static Optional<TableFacts> of(Connection connection, String table) throws SQLException {
        return Catalog.of(connection).find(table);
    }

    /**
     * The column of a name, in any case.
     *
     * @throws IllegalArgumentException when it is that of no column, and in another case that of more than one
     */
    public Optional<Column> column(String name) {
        List<String> names = columns.stream().map(Column::name).toList();
        return Names.choose(new Names.Part(name, false), names, UnaryOperator.identity(), "column")
                .flatMap(chosen -> columns.stream()
                        .filter(known -> known.name().equals(chosen))
                        .findFirst());
    }

    /** The columns of the primary key in key order; none if it has none that proves anything. */
    public List<String> primaryKey() {
        return keys.stream()
                .filter(key -> key.primary() && key.isProven())
                .findFirst()
                .map(UniqueKey::columns)
                .orElse(List.of());
    }

    /** Whether no two rows can have the same key: it contains all columns of a proven primary key or unique index. */
    public boolean isUnique(Collection<String> key) {
        return keys.stream().anyMatch(known -> known.isProven() && covers(key, known));
    }

    /** Why indexes that look as if they made the key unique do not; empty when there is none. */
    public String flaws(Collection<String> key) {
        return keys.stream()
                .filter(known -> !known.isProven() && covers(key, known))
                .map(known -> "the unique index " + known.index() + " " + known.flaw())
                .collect(Collectors.joining(", "));
    }

    /** How SQL names it. */
    public String quoted(Dialect dialect) {
        return (schema.isEmpty() ? "" : dialect.quoteExactly(schema) + ".") + dialect.quoteExactly(name);
    }

    /** How messages name it: with its schema, where it has one. */
    public String fullName() {
        return schema.isEmpty() ? name : schema + "." + name;
    }

    private boolean covers(Collection<String> key, UniqueKey known) {
        return known.columns().stream().allMatch(column -> key.stream().anyMatch(part -> column(part)
                .filter(found -> found.name().equals(column))
                .isPresent()));
    }
}
