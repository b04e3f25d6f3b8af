package dev.drover.doctor;

import dev.drover.delivery.DestinationProbe;
import dev.drover.lint.LoadedPipeline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.support.LanguageSupport;

/** Checks whether the destinations of a pipeline answer. It sends OPTIONS without a body, never a POST. */
final class DoctorDestination {

    private static final String NAME = "destination";

    private final CamelContext context;
    private final Set<String> seen = new HashSet<>();
    private final Set<DestinationProbe> destinations = new LinkedHashSet<>();
    private final List<DoctorCheck> unknown = new ArrayList<>();

    private DoctorDestination(CamelContext context) {
        this.context = context;
    }

    /** One check for each HTTP address of the route and of the routes that it calls by {@code direct}. */
    static List<DoctorCheck> checks(LoadedPipeline pipeline) {
        DoctorDestination found = new DoctorDestination(pipeline.context());
        found.follow(pipeline.route());
        List<DoctorCheck> checks = new ArrayList<>(found.unknown);
        found.destinations.forEach(probe -> checks.add(judge(probe.address(), probe.knock())));
        if (checks.isEmpty()) {
            checks.add(DoctorCheck.notChecked(NAME, "the route has no HTTP address"));
        }
        return checks;
    }

    private void follow(RouteDefinition route) {
        if (!seen.add(route.getRouteId())) {
            return;
        }
        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDynamicDefinition.class)
                .forEach(step -> unknown.add(addressOfRecord(step)));
        for (ToDefinition step :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            if (step.getEndpointUri().startsWith("http") && LanguageSupport.hasSimpleFunction(step.getEndpointUri())) {
                unknown.add(addressOfRecord(step));
                continue;
            }
            Endpoint endpoint = context.getEndpoint(step.getEndpointUri());
            DestinationProbe.of(endpoint).ifPresent(destinations::add);
            context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                    .filter(other -> !Boolean.TRUE.equals(other.isKamelet()))
                    .filter(other ->
                            endpoint == context.getEndpoint(other.getInput().getEndpointUri()))
                    .forEach(this::follow);
        }
    }

    private static DoctorCheck addressOfRecord(ProcessorDefinition<?> step) {
        return DoctorCheck.notChecked(NAME, "step " + step.getId() + " takes its address from each record");
    }

    private static DoctorCheck judge(String address, DestinationProbe.Answer answer) {
        if (answer.status() == 0) {
            return DoctorCheck.failed(
                    NAME,
                    address + " cannot be reached: " + answer.failure(),
                    "check its address, that it runs, and the network, proxy and certificates in between");
        }
        String said = address + " answers with status " + answer.status();
        return switch (answer.status()) {
            case 401, 403 ->
                warning(said, "give the route the credentials that it wants, if it wants them for a POST too");
            case 404, 410 -> warning(said, "check the path of the address; some services answer so to OPTIONS only");
            case 429 -> warning(said, "it limits requests: it is left alone for as long as it asks for");
            case 407 -> warning(said, "give the proxy its credentials");
            case 405, 501 ->
                DoctorCheck.ok(NAME, said + " to OPTIONS: it is there, and delivery does not need OPTIONS");
            default ->
                answer.status() >= 500
                        ? warning(said, "look at the service: it does not work now")
                        : answer.status() >= 300 && answer.status() < 400
                                ? warning(said, "name the address that it redirects to: redirects are not followed")
                                : judgePage(said, answer);
        };
    }

    private static DoctorCheck judgePage(String said, DestinationProbe.Answer answer) {
        return answer.isPage() && answer.status() < 300
                ? warning(
                        said + " and an HTML page, as a login does",
                        "check the address, and set type: application/json at the bean that reads the answers")
                : DoctorCheck.ok(NAME, said);
    }

    private static DoctorCheck warning(String said, String remedy) {
        return DoctorCheck.warning(NAME, said, remedy);
    }
}
