package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Looks at the premises of a running pipeline's consistency mode every few seconds, and as soon as a failure of the
 * database is over, since another server may answer then. For one thread.
 */
public final class PremiseWatch {

    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final SourceForm form;
    private final PagesConfig config;
    private final Consistency mode;
    private final LongSupplier nanoTime;
    private long looked;
    private boolean due;

    /** A watch that begins with premises that hold. */
    public PremiseWatch(SourceForm form, PagesConfig config, Consistency mode, LongSupplier nanoTime) {
        this.form = form;
        this.config = config;
        this.mode = mode;
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong();
    }

    /** The database failed: the premises are looked at before anything else is read. */
    public void failed() {
        due = true;
    }

    /**
     * Looks if it is time.
     *
     * @throws dev.drover.config.OptionException when a premise does not hold any more
     * @throws SQLException when the database cannot be asked now
     */
    public void look() throws SQLException {
        if (due || nanoTime.getAsLong() - looked >= PERIOD.toNanos()) {
            due = true; // until it was answered
            form.requirePremises(config, mode);
            looked = nanoTime.getAsLong();
            due = false;
        }
    }
}
