package dev.drover.consistency;

/**
 * The beginnings of PostgreSQL queries about a table and its relatives by inheritance and partitioning, at any depth.
 */
final class Inheritance {

    /** Defines {@code below}: the table in the parameter, with its partitions and the tables that inherit from it. */
    static final String BELOW =
            """
            WITH RECURSIVE below (oid) AS (
              SELECT CAST(CAST(? AS regclass) AS oid)
              UNION SELECT inhrelid FROM pg_inherits JOIN below ON inhparent = below.oid)
            """;

    /** Defines also {@code above}: the table in a second parameter, with the tables that it is a partition or child of. */
    static final String BELOW_AND_ABOVE = BELOW
            + """
            , above (oid) AS (
              SELECT CAST(CAST(? AS regclass) AS oid)
              UNION SELECT inhparent FROM pg_inherits JOIN above ON inhrelid = above.oid)
            """;

    private Inheritance() {}
}
