package dev.drover.consistency;

/**
 * The tables of PostgreSQL that belong to one by inheritance and partitions, at any depth: how a query about them begins.
 */
final class Inheritance {

    /** {@code below}: the table that the parameter names, and what inherits from it or is a partition of it. */
    static final String BELOW =
            """
            WITH RECURSIVE below (oid) AS (
              SELECT CAST(CAST(? AS regclass) AS oid)
              UNION SELECT inhrelid FROM pg_inherits JOIN below ON inhparent = below.oid)
            """;

    /** The same, and {@code above}: the table that a second parameter names, and those that it is a part of. */
    static final String BELOW_AND_ABOVE = BELOW
            + """
            , above (oid) AS (
              SELECT CAST(CAST(? AS regclass) AS oid)
              UNION SELECT inhparent FROM pg_inherits JOIN above ON inhrelid = above.oid)
            """;

    private Inheritance() {}
}
