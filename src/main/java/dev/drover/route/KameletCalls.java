package dev.drover.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Makes Kamelets usable as parts of pipelines. Every Camel context finds this plugin by itself.
 *
 * <p>Each pipeline gets a separate route for every Kamelet that it calls. The id of that route begins with the id of
 * the pipeline. Camel would create one route for all equal calls, so two pipelines with the same destination would
 * share batches.
 *
 * <p>A Kamelet with the property {@code routeConfigurationId} gets the error clauses of that configuration. A template
 * that begins with {@code from} cannot name them, and editors show no other kind. Camel removes the error handler of
 * every Kamelet, so that its caller handles the failures. But a batch has left its caller when it is delivered.
 *
 * <p>A Kamelet that reads pages starts only if its calling route starts.
 */
public final class KameletCalls implements ContextServicePlugin {

    /**
     * The parameter that names the calling pipeline. Camel's own parameter {@code parentRouteId} names another route if
     * the caller is added to a running context.
     */
    static final String PIPELINE = "pipelineName";

    private static final String CLAUSES = "routeConfigurationId";
    private static final Pattern CALL = Pattern.compile("(?s)kamelet:/*([^/?]+)(?:/([^?]+))?(?:\\?(.*))?");
    private static final Pattern MADE =
            Pattern.compile("(?<=^|&)(?:url|headers)=(?:RAW\\()?([^&]*?\\$\\{[^&]*?)\\)?(?=&)");
    private static final Pattern BY_OPERATION = Pattern.compile("(?<=^|&)httpMethod=(?:RAW\\()?change\\b");
    private static final Pattern HEADED = Pattern.compile("[?&]headers=(?:RAW\\()?[^&]*\\$\\{");
    private static final Pattern GROUP = Pattern.compile("(?<=^|&)groupBy=(?:RAW\\()?([^&]*?)\\)?(?:&|$)");
    private static final Pattern SETTING = Pattern.compile("((?:^|&)\\w+)=(\\{\\{[^}]+}})(?=&|$)");

    @Override
    public void load(CamelContext context) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextInitializing(CamelContext initializing) {
                begin(initializing);
            }
        });
    }

    /** Runs when the context initializes, because it has no model before. */
    private static void begin(CamelContext context) {
        Model model = RouteSteps.model(context);
        model.addModelLifecycleStrategy(new ModelLifecycleStrategySupport() {
            @Override
            public void onAddRouteDefinition(RouteDefinition route) {
                added(context, route);
            }

            @Override
            public void onAddRouteTemplateDefinition(RouteTemplateDefinition template) {
                named(template);
            }
        });
        model.getRouteTemplateDefinitions().forEach(KameletCalls::named);
        model.getRouteDefinitions().forEach(route -> added(context, route));
    }

    private static void named(RouteTemplateDefinition template) {
        boolean named = template.getTemplateParameters() != null
                && template.getTemplateParameters().stream()
                        .anyMatch(parameter -> parameter.getName().equals(CLAUSES));
        if (named && template.getRoute().getRouteConfigurationId() == null) {
            template.getRoute().setRouteConfigurationId("{{" + CLAUSES + "}}");
        }
    }

    private static void added(CamelContext context, RouteDefinition route) {
        if (Boolean.TRUE.equals(route.isKamelet())) {
            made(route, RouteSteps.model(context));
        } else if (route.getRouteId() != null && isPipeline(context, route)) {
            Map<String, String> called = new LinkedHashMap<>();
            route.getInput().setUri(own(route, route.getInput().getEndpointUri(), called));
            ownCalls(route, route.getOutputs(), called);
        }
    }

    /** The id of the calling pipeline, if Camel has created this route from a Kamelet; empty for other routes. */
    public static Optional<String> pipelineOf(RouteDefinition route) {
        return Optional.ofNullable(route.getTemplateParameters())
                .map(parameters -> parameters.get(PIPELINE))
                .map(Object::toString);
    }

    private static void made(RouteDefinition route, Model model) {
        if (route.getRouteConfigurationId() != null) {
            route.setErrorHandlerFactory(null); // Camel then uses the default handler, which applies the clauses
        }
        Optional<String> caller = pipelineOf(route);
        if (caller.isPresent() && Role.READER.beginsAt(route.getInput().getEndpointUri())) {
            route.setAutoStartup(model.getRouteDefinition(caller.get()).getAutoStartup());
        }
    }

    private static boolean isPipeline(CamelContext context, RouteDefinition route) {
        return RouteShape.isPipeline(context, route)
                || ShortForm.written(context, route).isPresent();
    }

    private static void ownCalls(
            RouteDefinition route, List<ProcessorDefinition<?>> steps, Map<String, String> called) {
        for (ProcessorDefinition<?> step : steps) {
            if (step instanceof ToDefinition to) {
                to.setUri(own(route, to.getEndpointUri(), called));
            }
            ownCalls(route, step.getOutputs(), called);
        }
    }

    /** The URI of a separate Kamelet. RAW() keeps the value of a setting whole even if it contains a query. */
    private static String own(RouteDefinition route, String uri, Map<String, String> called) {
        Matcher call = CALL.matcher(uri);
        String pipeline = PIPELINE + "=RAW(" + route.getRouteId() + ")";
        if (!call.matches() || uri.endsWith(pipeline)) {
            return uri; // names its pipeline already
        }
        String kamelet = call.group(1);
        String id =
                call.group(2) != null ? call.group(2) : called.computeIfAbsent(uri, any -> id(route, kamelet, called));
        String options =
                call.group(3) == null ? "" : SETTING.matcher(call.group(3)).replaceAll("$1=RAW($2)") + "&";
        return "kamelet:" + kamelet + "/" + id + "?" + grouped(options) + pipeline;
    }

    /** Whether records of one address go in different requests, because of their method or headers. */
    static boolean isKeptApart(String uri) {
        String call = uri.replaceFirst("\\?", "&");
        return CALL.matcher(uri).matches()
                && (BY_OPERATION.matcher(call).find() || HEADED.matcher(uri).find());
    }

    /** Records with different addresses, headers or methods do not go together. */
    private static String grouped(String options) {
        Matcher group = GROUP.matcher(options);
        List<String> key = new ArrayList<>();
        MADE.matcher(options).results().forEach(made -> key.add(made.group(1)));
        if (BY_OPERATION.matcher(options).find()) {
            key.add("${body[operation]}");
        }
        if (key.isEmpty()) {
            return options;
        }
        if (group.find()) {
            key.add(0, group.group(1));
        }
        return group.reset().replaceAll("") + "groupBy=RAW(" + String.join(" ", key) + ")&";
    }

    private static String id(RouteDefinition route, String kamelet, Map<String, String> called) {
        String first = route.getRouteId() + "-" + kamelet;
        return called.containsValue(first) ? first + "-" + (called.size() + 1) : first;
    }
}
