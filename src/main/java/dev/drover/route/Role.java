package dev.drover.route;

import java.util.Locale;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/** The role of a pipeline, or of a process that runs only pipelines of one role. */
public enum Role {
    /** Reads a database ({@code pages:}) and sends its records by HTTP or to a topic. */
    READER,
    /** Reads a topic ({@code kafka:}) and delivers its records. */
    FORWARDER,
    /** Both, for a process. */
    ALL;

    /**
     * The role of a route in the long or the short form; empty if the route does not begin a pipeline, such as a route
     * that others call or that Camel has created from a Kamelet.
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
     * Whether a route that reads this address has this role; for {@link #ALL}, whether it has any. A route that reads a
     * topic is a pipeline only if it also settles its records, which the address does not show.
     */
    public boolean beginsAt(String address) {
        return of(address).filter(this::runs).isPresent();
    }

    /** Whether a process of this role runs a route of the other role. */
    public boolean runs(Role half) {
        return this == ALL || this == half;
    }

    /** The name in the settings. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
