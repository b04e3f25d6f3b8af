package dev.drover.observe;

import java.time.Duration;
import org.apache.camel.CamelContext;

/** The bean {@code health}: when a pipeline is not ready. Set up before the routes start. */
public final class Health {

    static final String BEAN = "health";

    private static final long LEAST = 1000;

    private Duration stalledAfter = Duration.ofSeconds(8);

    /**
     * The longest time in which no record in flight is settled.
     *
     * @param millis milliseconds, at least 1000; 8000 by default
     */
    public void setStalledAfter(long millis) {
        if (millis < LEAST) {
            throw new IllegalArgumentException("stalledAfter: must be at least " + LEAST + ", not " + millis);
        }
        stalledAfter = Duration.ofMillis(millis);
    }

    /** The bean of the context, or the defaults. */
    static Health of(CamelContext context) {
        Health bean = context.getRegistry().lookupByNameAndType(BEAN, Health.class);
        return bean == null ? new Health() : bean;
    }

    Duration stalled() {
        return stalledAfter;
    }
}
