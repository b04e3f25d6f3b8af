package dev.drover.source;

import dev.drover.config.Consistency;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Checks the premises of the consistency mode of a running pipeline: every few seconds, and directly after a failure of
 * the database, because another server may answer then. For one thread.
 */
public final class PremiseWatch {

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final SourceForm form;
    private final Consistency mode;
    private long looked = System.nanoTime();
    private boolean due;

    /** Begins with premises that hold. */
    public PremiseWatch(SourceForm form, Consistency mode) {
        this.form = form;
        this.mode = mode;
    }

    /** Says that the database failed, so that the premises are checked before the next page. */
    public void failed() {
        due = true;
    }

    /**
     * Checks the premises if it is time.
     *
     * @throws dev.drover.config.OptionException if a premise no longer holds
     * @throws SQLException if the database fails; to be tried again
     */
    public void look() throws SQLException {
        if (due || System.nanoTime() - looked >= PERIOD.toNanos()) {
            due = true; // until the check succeeds
            form.requirePremises(mode);
            looked = System.nanoTime();
            due = false;
        }
    }
}
