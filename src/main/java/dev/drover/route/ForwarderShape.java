package dev.drover.route;

import dev.drover.ledger.Beans;
import dev.drover.ledger.Beginning;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Checks routes that forward the records of a topic, mainly for mistakes that would commit the offset of an unsettled
 * record. It does not check {@code kafka:} routes of the user that collect no batches.
 */
public final class ForwarderShape {

    /** Options that change how Camel commits, skips or routes records. */
    private static final List<String> REFUSED =
            List.of("batching", "allowManualCommit", "breakOnFirstError", "offsetRepository", "seekTo");

    private final CamelContext context;
    private final RouteDefinition route;
    private final Map<String, Object> options;
    private final List<Finding> findings = new ArrayList<>();

    private ForwarderShape(CamelContext context, RouteDefinition route) {
        this.context = context;
        this.route = route;
        this.options = options(RoutePlace.resolved(context, route.getInput().getEndpointUri()));
    }

    /** Checks all forwarders of a context. */
    public static List<Finding> findings(CamelContext context) {
        return RouteSteps.routes(context).stream()
                .filter(route -> isForwarder(context, route))
                .flatMap(route -> new ForwarderShape(context, route).findings().stream())
                .toList();
    }

    /** Whether the route reads a topic and settles its records. */
    static boolean isForwarder(CamelContext context, RouteDefinition route) {
        return Role.FORWARDER.beginsAt(RouteSteps.from(context, route))
                && (begins(context, route).isPresent()
                        || RouteSteps.ofRecord(context, route, route).stream()
                                .anyMatch(step -> RecordPath.isBatchStrategy(context, step.node())));
    }

    private List<Finding> findings() {
        Optional<String> bean = begins(context, route);
        if (bean.isEmpty()) {
            add("steps", "the first step must see each record to its end: process: {ref: partitions}");
        }
        String factory = option("kafkaClientFactory");
        if (factory == null || !(Beans.of(context, factory) instanceof Beginning)) {
            add("kafkaClientFactory", "must be \"#partitions\", or offsets pass records that are not settled");
        }
        if (option("groupId") == null) {
            add("groupId", "is missing: it names the group that shares the topic, and the pipeline");
        }
        REFUSED.stream()
                .filter(option -> option(option) != null && !"false".equals(option(option)))
                .forEach(option -> add(option, "is not allowed here: offsets are committed over settled records only"));
        String consumers = option("consumersCount");
        if (consumers != null && !consumers.equals("1")) {
            add("consumersCount", consumers + " is not allowed, it must be 1: start more processes of the group");
        }
        sameGroup();
        findings.addAll(new RecordPath(context, route, route).findings());
        findings.addAll(new OneDestination(context, route, route).findings());
        findings.addAll(ErrorClauses.findings(context, route, route));
        findings.addAll(new BatchPath(context, route, route).findings());
        findings.addAll(new Expressions(context, route).findings());
        return findings;
    }

    private void sameGroup() {
        RouteSteps.routes(context).stream()
                .filter(other -> other != route && isForwarder(context, other))
                .filter(other -> option("groupId") != null)
                .filter(other ->
                        String.valueOf(option("groupId")).equals(new ForwarderShape(context, other).option("groupId")))
                .forEach(other -> add(
                        "groupId",
                        "is also that of route " + other.getRouteId() + "; each route needs a group of its own"));
    }

    /** The bean of the first step after the error clauses, if the path of a record can begin with it. */
    private static Optional<String> begins(CamelContext context, RouteDefinition route) {
        return route.getOutputs().stream()
                .filter(step -> !step.isAbstract())
                .limit(1)
                .filter(ProcessDefinition.class::isInstance)
                .map(step -> ((ProcessDefinition) step).getRef())
                .filter(ref -> Beans.of(context, ref) instanceof Beginning)
                .findFirst();
    }

    private @Nullable String option(String name) {
        Object value = options.get(name);
        return value == null ? null : RoutePlace.resolved(context, value.toString());
    }

    private static Map<String, Object> options(String uri) {
        int query = uri.indexOf('?');
        try {
            return query < 0 ? Map.of() : URISupport.parseQuery(uri.substring(query + 1));
        } catch (URISyntaxException e) {
            return Map.of();
        }
    }

    private void add(String key, String message) {
        findings.add(RoutePlace.of(route).finding(key, message));
    }
}
