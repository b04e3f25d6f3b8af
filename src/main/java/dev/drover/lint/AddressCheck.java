package dev.drover.lint;

import dev.drover.config.Consistency;
import dev.drover.config.ConsistencyOption;
import dev.drover.delivery.Destination;
import dev.drover.delivery.MadeAddress;
import dev.drover.route.Finding;
import dev.drover.route.Role;
import dev.drover.route.RoutePlace;
import dev.drover.route.RouteSteps;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.support.LanguageSupport;

/** Checks the host and the method of an HTTP address, and whether records of the address may be parked. */
final class AddressCheck {

    private static final Pattern ADDRESS = Pattern.compile("(?s)https?://(?:[^/?#]*@)?([^/?#@]*).*");

    private static final Pattern DESTINATION = Pattern.compile("[?&]httpClientConfigurer=#(?:bean:)?([^&]+)");

    private static final Pattern STATUSES = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    private AddressCheck() {}

    /**
     * Why the host is invalid; empty if it is valid, if the text is not an address, or if the host depends on the
     * record. The message has no other part of the address, because that may be a secret.
     */
    static Optional<String> problem(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()
                || address.group(1).contains("$")
                || address.group(1).contains("{{")) {
            return Optional.empty();
        }
        String host = address.group(1);
        return isHost(host) ? Optional.empty() : Optional.of(wrong(host));
    }

    /**
     * The steps whose host comes from a record, although their destination does not say which hosts are allowed; those whose
     * method comes from a record, although their address does not; and those whose records cannot be parked, although their
     * destination parks.
     */
    static List<Finding> hosts(CamelContext context) {
        List<Finding> findings = new ArrayList<>();
        for (RouteDefinition route : RouteSteps.routes(context)) {
            // only a Kamelet has a to with a function, which comes from its parameter; any other one is a toD by now
            ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)
                    .forEach(step ->
                            checkHost(context, new RoutePlace(route, step), "url", step.getEndpointUri(), findings));
            ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDynamicDefinition.class)
                    .forEach(step -> checkHost(context, new RoutePlace(route, step), "uri", step.getUri(), findings));
            ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), EnrichDefinition.class)
                    .forEach(step -> checkHost(
                            context,
                            new RoutePlace(route, step),
                            "expression",
                            step.getExpression().getExpression(),
                            findings));
        }
        return findings;
    }

    private static void checkHost(
            CamelContext context, RoutePlace place, String key, String uri, List<Finding> findings) {
        String address = RoutePlace.resolved(context, uri);
        Matcher named = DESTINATION.matcher(address);
        String bean = named.find() ? named.group(1) : null;
        if (address.startsWith("http") && Destination.isOther(context, bean)) {
            findings.add(place.finding(
                    "destination",
                    "'" + bean + "' is not allowed, it must name a bean of dev.drover.delivery.Destination"));
        }
        boolean isMade = place.node() instanceof ToDefinition && LanguageSupport.hasSimpleFunction(address);
        if (address.startsWith("http") && MadeAddress.dependsOnOperation(address) && !isMade) {
            findings.add(place.finding(
                    key,
                    "httpMethod: change is for the url of drover-http-sink with a value of the record, such as"
                            + " ${body[key][id]}; a DELETE without it would delete more than a row"));
        }
        if (address.startsWith("http")
                && Destination.parks(context, bean)
                && RouteSteps.isKeptApart(context, place.pipeline())) {
            findings.add(place.finding(
                    key,
                    "its destination has parkAfter, which keeps the order of an address only if all records of the address"
                            + " have the same method and headers; leave out httpMethod: change and values of the record in"
                            + " headers, or name another destination"));
        }
        if (address.startsWith("http") && Destination.parks(context, bean) && !(isMade && isParkable(context, place))) {
            findings.add(place.finding(
                    key,
                    "its destination has parkAfter, which is for the url of drover-http-sink with a value of the record,"
                            + " such as ${body[tenant]}, in a pipeline with a checkpoint; name another destination"));
        }
        if (address.startsWith("http") && MadeAddress.makesHost(address) && !Destination.namesHosts(context, bean)) {
            findings.add(place.finding(
                    key,
                    "the host comes from a record, and could be any; write it out, with a / behind it, or name the hosts in"
                            + " allowedHosts of a bean of dev.drover.delivery.Destination"));
        }
    }

    private static boolean isParkable(CamelContext context, RoutePlace place) {
        String from = place.pipeline().getInput().getEndpointUri();
        return Role.READER.beginsAt(RoutePlace.resolved(context, from))
                && !(context.getEndpoint(from) instanceof ConsistencyOption option
                        && option.getConsistency() == Consistency.CLAIM);
    }

    /** Why the value of okStatusCodeRange is invalid; empty if it is valid or has a setting without a value. */
    static Optional<String> statuses(String text) {
        return text.contains("{{") || Stream.of(text.split(",", -1)).allMatch(AddressCheck::areStatuses)
                ? Optional.empty()
                : Optional.of("'" + text
                        + "' is not allowed, it must be statuses of HTTP and ranges of them, such as 200-299,400");
    }

    private static boolean areStatuses(String range) {
        Matcher statuses = STATUSES.matcher(range);
        return statuses.matches()
                && (statuses.group(2) == null || statuses.group(1).compareTo(statuses.group(2)) <= 0);
    }

    private static boolean isHost(String host) {
        try {
            URI address = URI.create("http://" + host);
            return address.getHost() != null && address.getPort() <= 65_535;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String wrong(String host) {
        String remedy = host.contains("_") ? "; give the service another name, such as " + host.replace('_', '-') : "";
        return "'" + host + "' is not a host that an address may have: letters, digits, hyphens and dots, and a port"
                + " up to 65535 behind a colon" + remedy;
    }
}
