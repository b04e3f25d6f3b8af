package dev.drover.config;

/**
 * The way in which a pipeline avoids to miss rows that are committed late. A row gets its key before its transaction
 * commits. So on any database, a row with a lower key may become visible after a row with a higher key.
 */
public enum Consistency {
    /** Chooses an exact mode that the source allows. If there is none, the pipeline is refused. */
    AUTO(false),
    /** Does nothing. For sources without inserts while they are read, such as exports and backfills. */
    STATIC(false),
    /**
     * For PostgreSQL, with a first key column of type {@code xid8} and the default {@code pg_current_xact_id()}. Reads
     * only rows of transactions that are older than every open one. Exact. A long transaction anywhere in the cluster
     * delays reading.
     */
    XID(true),
    /**
     * Looks up the highest key, waits until all writers of that moment have ended, and reads up to that key. It finds
     * the writers by their locks (PostgreSQL) or by a short table lock (MariaDB). Exact if keys grow and are assigned
     * inside the INSERT.
     */
    LOCK(true),
    /** Like {@link #LOCK}, by the sessions of H2. The user must be allowed to see all sessions. */
    SESSIONS(true),
    /**
     * Claims rows with {@code FOR UPDATE SKIP LOCKED} and marks them when they are settled, as an outbox. Exact.
     * Several instances can share the work. Needs extra columns and the right to update them.
     */
    CLAIM(true),
    /** Reads with a delay, and looks again for rows that appear behind the cursor. Best effort. */
    LAG(false);

    private final boolean exact;

    Consistency(boolean exact) {
        this.exact = exact;
    }

    /** Whether it misses no row that is committed late. */
    public boolean isExact() {
        return exact;
    }

    /** Whether pages need a bound that is looked up first. */
    public boolean needsUpperKey() {
        return this == LOCK || this == SESSIONS || this == LAG;
    }
}
