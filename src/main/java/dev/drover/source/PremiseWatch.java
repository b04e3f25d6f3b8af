package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Checks the premises of the consistency mode of a running pipeline: every few seconds, and directly after a failure of
 * the database, because another server may answer then. For one thread.
 */
public final class PremiseWatch {

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final SourceForm form;
    private final PagesConfig config;
    private final Consistency mode;
    private final LongSupplier nanoTime;
    private long looked;
    private boolean due;

    /** Begins with premises that hold. */
    public PremiseWatch(SourceForm form, PagesConfig config, Consistency mode, LongSupplier nanoTime) {
        this.form = form;
        this.config = config;
        this.mode = mode;
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong();
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
        if (due || nanoTime.getAsLong() - looked >= PERIOD.toNanos()) {
            due = true; // until the check succeeds
            form.requirePremises(config, mode);
            looked = nanoTime.getAsLong();
            due = false;
        }
    }
}
