package dev.drover.config;

/**
 * What keeps a row from being passed over when its key is lower than one that was committed before it. A key is taken
 * before its transaction commits, so on any database a reader that follows the highest key can meet a row's place
 * before the row.
 */
public enum Consistency {
    /** The exact mode that the source allows; where it allows none, the pipeline is refused. */
    AUTO(false),
    /** Nothing: no row is inserted while it reads, as in exports and backfills. */
    STATIC(false),
    /**
     * PostgreSQL, with a column of type {@code xid8} that defaults to {@code pg_current_xact_id()} as the first column
     * of the key: no row is read that an older, still open transaction could precede. Exact. A long transaction
     * anywhere in the cluster holds the reading.
     */
    XID(true),
    /**
     * Waits until every writer of the table that was at work when the highest key was looked up has ended, and reads
     * up to that key: by the locks that writers hold (PostgreSQL), or by a short table lock (MariaDB). Exact where the
     * key is assigned inside the INSERT and grows.
     */
    LOCK(true),
    /** As {@link #LOCK}, by what H2 shows of its sessions; for a user that may see them all. */
    SESSIONS(true),
    /**
     * An outbox: rows are claimed with {@code FOR UPDATE SKIP LOCKED} and marked when they are settled. Exact, and
     * shared by several instances; needs columns of its own and the right to update them.
     */
    CLAIM(true),
    /** Stays some time behind, and looks again for rows that appeared behind the cursor. Best effort. */
    LAG(false);

    private final boolean exact;

    Consistency(boolean exact) {
        this.exact = exact;
    }

    /** Whether no late commit is missed. */
    public boolean isExact() {
        return exact;
    }

    /** Whether pages are bounded by a key that is looked up beforehand. */
    public boolean needsUpperKey() {
        return this == LOCK || this == SESSIONS || this == LAG;
    }
}
