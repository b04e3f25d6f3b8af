package dev.drover.ledger;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** The bean {@code trace}: whether the store keeps what became of each row, see {@link Traced}. Set up before the routes start. */
public final class Trace {

    private static final String NONE = "none";
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)+");

    private boolean enabled;
    private String receipt = NONE;
    private Duration kept = Duration.ofDays(7);

    /** Of a context; one that is off if the context has none. */
    public static Trace of(CamelContext context) {
        Trace bean = context.getRegistry().lookupByNameAndType("trace", Trace.class);
        return bean == null ? new Trace() : bean;
    }

    /** Whether it is on; false by default, because each row costs a row of the store. */
    public void setEnabled(boolean on) {
        enabled = on;
    }

    public boolean isEnabled() {
        return enabled;
    }

    /**
     * Which part of an answer is the receipt of the receiver.
     *
     * @param where the name of a header, a JSON pointer such as {@code /id}, or {@code none}, the default
     * @throws IllegalArgumentException if it is none of these
     */
    public void setReceipt(String where) {
        if (!HEADER.matcher(where).matches() && !POINTER.matcher(where).matches()) {
            throw new IllegalArgumentException("drover.trace.receipt: '" + where
                    + "' is not allowed; set the name of a header, a JSON pointer such as /id, or " + NONE);
        }
        receipt = where;
    }

    /** The header that has the receipt. */
    public Optional<String> header() {
        return Optional.of(receipt).filter(where -> enabled && !where.equals(NONE) && !where.startsWith("/"));
    }

    /** The JSON pointer to the receipt. */
    public Optional<String> pointer() {
        return Optional.of(receipt).filter(where -> enabled && where.startsWith("/"));
    }

    /**
     * For how long traces are kept: {@code 7d} by default, {@code 0} for ever.
     *
     * @throws IllegalArgumentException if it is no age
     */
    public void setRetention(String text) {
        kept = Age.of("drover.trace.retention", text, "for ever");
    }

    /** For how long traces are kept; zero for ever. */
    public Duration kept() {
        return kept;
    }
}
