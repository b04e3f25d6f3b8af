package dev.drover.ledger;

import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The beans that the steps of a route name. */
public final class Beans {

    private Beans() {}

    /**
     * The bean of a {@code ref}.
     *
     * @param ref its name, with or without {@code #} or {@code #bean:} before it; null for a step that names none
     * @return null if there is none of this name
     */
    public static @Nullable Object of(CamelContext context, @Nullable String ref) {
        return ref == null ? null : context.getRegistry().lookupByName(ref.replaceFirst("^#(bean:)?", ""));
    }
}
