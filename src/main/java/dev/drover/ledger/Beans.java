package dev.drover.ledger;

import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Finds the beans that steps of a route name. */
public final class Beans {

    private Beans() {}

    /**
     * The bean of a {@code ref}.
     *
     * @param ref the name, with or without {@code #} or {@code #bean:}; null if the step names no bean
     * @return null if there is no such bean
     */
    public static @Nullable Object of(CamelContext context, @Nullable String ref) {
        return ref == null ? null : context.getRegistry().lookupByName(ref.replaceFirst("^#(bean:)?", ""));
    }
}
