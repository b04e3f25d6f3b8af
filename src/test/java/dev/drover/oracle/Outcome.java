package dev.drover.oracle;

/**
 * How a run ended.
 *
 * @param end the end
 * @param why what was said of it, or what is wrong
 */
record Outcome(End end, String why) {

    enum End {
        /** Every row in scope was received or is a dead letter. */
        DELIVERED(true),
        /** The start was refused in one line, and nothing was sent. */
        REFUSED(true),
        /** The pipeline is halted, and every row up to its checkpoint was received. */
        HALTED(true),
        /** The database takes no such schema, or the writers broke a promise: nothing can be said. */
        VOID(true),
        /** It is done, or says that it has caught up, and rows are missing. */
        LOST(false),
        /** The checkpoint is beyond a row that was not received. */
        PASSED(false),
        /** A row was received that was never committed. */
        PHANTOM(false),
        /** It neither ends nor goes on. */
        STUCK(false),
        /** It halted for keys that do not rise, and they do. */
        FALSE_ALARM(false),
        /** What it says is no line for a user. */
        UNCLEAR(false);

        private final boolean right;

        End(boolean right) {
            this.right = right;
        }
    }

    boolean isRight() {
        return end.right;
    }

    @Override
    public String toString() {
        return end + ": " + why;
    }
}
