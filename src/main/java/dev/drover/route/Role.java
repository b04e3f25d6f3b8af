package dev.drover.route;

import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/** Which half of the work a pipeline does, how it therefore begins, and which pipelines a process runs. */
public enum Role {
    /** It begins with {@code pages:}; it reads a database, its records go on over HTTP, or to a topic. */
    READER,
    /** It begins with {@code kafka:}; it takes records from a topic and delivers them. */
    FORWARDER,
    /** For a process that runs both. */
    ALL;

    /**
     * The half that a route does, whether it is written in full or begins with a Kamelet; empty if it begins no pipeline,
     * as a route that others call, or one that Camel has made of a Kamelet.
     */
    public static Optional<Role> of(CamelContext context, RouteDefinition route) {
        if (Boolean.TRUE.equals(route.isKamelet())) {
            return Optional.empty();
        }
        return of(RouteSteps.begin(context, route));
    }

    private static Optional<Role> of(String address) {
        if (address.startsWith("pages:")) {
            return Optional.of(READER);
        }
        return address.startsWith("kafka:") ? Optional.of(FORWARDER) : Optional.empty();
    }

    /**
     * Whether a route that begins at an address does this half; of {@link #ALL}, whether it does any. One that begins with
     * a topic is a pipeline only if it also settles what it reads, which its address does not tell.
     */
    public boolean beginsAt(String address) {
        return of(address).filter(this::runs).isPresent();
    }

    /** Whether a process of this role runs a route that does this half. */
    public boolean runs(Role half) {
        return this == ALL || this == half;
    }

    /** As a user writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
