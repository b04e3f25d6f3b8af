package dev.drover.process;

/** Where a process can be made to end at once. */
enum CrashPoint {
    /** A page was read, none of its records has gone anywhere. */
    PAGE_READ("ordered_at FROM orders WHERE", false),
    /** The checkpoint was moved and not committed. */
    CHECKPOINT_WRITTEN("UPDATE drover_checkpoint SET cursor_json", false),
    /** The checkpoint was committed, its writer does not know it yet. */
    CHECKPOINT_COMMITTED("UPDATE drover_checkpoint SET cursor_json", true),
    /** The dead letter is durable, its record is not settled yet. */
    DEAD_LETTER_WRITTEN("INSERT INTO drover_dead_letter", false),
    /** A batch of a replay was accepted, and one of its dead letters is removed. */
    DEAD_LETTER_REMOVED("DELETE FROM drover_dead_letter WHERE id IN", true),
    /** A batch is parked, its records are not settled yet. */
    PARKED("parked_run) VALUES", true),
    /** A batch of parked records was delivered, and is not removed. */
    PARKED_DELIVERED("UPDATE drover_dead_letter SET parked_lane", false),
    /** A batch of parked records was delivered and removed. */
    PARKED_REMOVED("UPDATE drover_dead_letter SET parked_lane", true);

    private final String sql;
    private final boolean afterCommit;

    CrashPoint(String sql, boolean afterCommit) {
        this.sql = sql;
        this.afterCommit = afterCommit;
    }

    boolean concerns(String statement) {
        return statement.contains(sql);
    }

    boolean isAfterCommit() {
        return afterCommit;
    }
}
