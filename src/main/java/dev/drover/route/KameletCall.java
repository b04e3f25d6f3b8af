package dev.drover.route;

import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.ExpressionSubElementDefinition;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.dataformat.CustomDataFormat;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.support.RouteTemplateHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * The route that Camel creates from a Kamelet for one call, with the values of the call in place of the parameters. The
 * definition is not added to the context.
 */
final class KameletCall {

    private static final Pattern URI = Pattern.compile("(?s)kamelet:/*([^/?]+)(?:/[^?]*)?(?:\\?(.*))?");
    private static final Pattern PARAMETER = Pattern.compile("\\{\\{\\??([^{}?]+)}}");
    private static final Pattern OPTION_WITHOUT_VALUE = Pattern.compile("[A-Za-z]+=\\{\\{\\?[A-Za-z]+}}&?");

    private final RouteTemplateDefinition template;
    private final Map<String, String> values;
    private final OptionalIdentifiedDefinition<?> caller;

    private KameletCall(
            RouteTemplateDefinition template, Map<String, String> values, OptionalIdentifiedDefinition<?> caller) {
        this.template = template;
        this.values = values;
        this.caller = caller;
    }

    static boolean is(String uri) {
        return uri.startsWith("kamelet:");
    }

    /**
     * The call; empty if there is no such Kamelet.
     *
     * @param uri the URI with its options, as the user wrote it
     * @param routeId the id of the calling route
     * @param caller the calling step or {@code from}; findings about the Kamelet's steps name its line
     */
    static Optional<KameletCall> of(
            CamelContext context, String uri, String routeId, OptionalIdentifiedDefinition<?> caller) {
        Matcher call = URI.matcher(RoutePlace.resolved(context, uri));
        if (!call.matches()) {
            return Optional.empty();
        }
        return template(context, call.group(1)).map(template -> {
            Map<String, String> values = new HashMap<>(Map.of(KameletCalls.PIPELINE, routeId));
            template.getTemplateParameters().stream()
                    .filter(parameter -> parameter.getDefaultValue() != null)
                    .forEach(parameter -> values.put(parameter.getName(), parameter.getDefaultValue()));
            Objects.requireNonNullElse(
                            template.getTemplateBeans(), List.<BeanFactoryDefinition<RouteTemplateDefinition>>of())
                    .forEach(bean -> values.put(bean.getName(), bean.getType()));
            values.putAll(options(call.group(2)));
            return new KameletCall(template, values, caller);
        });
    }

    RouteDefinition route() {
        RouteDefinition route = template.asRouteDefinition();
        route.getInput().setUri(from());
        place(route.getInput());
        fill(route.getOutputs());
        return route;
    }

    /** The address that the route reads. */
    String from() {
        return filled(template.getRoute().getInput().getEndpointUri());
    }

    private static Optional<RouteTemplateDefinition> template(CamelContext context, String id) {
        Model model = RouteSteps.model(context);
        if (model.getRouteTemplateDefinition(id) == null) {
            try {
                Object location = context.resolvePropertyPlaceholders("{{camel.component.kamelet.location}}");
                RouteTemplateHelper.loadRouteTemplateFromLocation(context, null, id, location.toString());
            } catch (Exception e) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(model.getRouteTemplateDefinition(id));
    }

    private static Map<String, String> options(@Nullable String query) {
        Map<String, String> options = new LinkedHashMap<>();
        try {
            Map<String, Object> parsed = URISupport.parseQuery(query, true);
            URISupport.resolveRawParameterValues(parsed);
            parsed.forEach((option, value) -> options.put(option, String.valueOf(value)));
        } catch (URISyntaxException e) {
            return Map.of(); // Camel refuses it at the start
        }
        return options;
    }

    private void fill(List<ProcessorDefinition<?>> steps) {
        for (ProcessorDefinition<?> step : steps) {
            place(step);
            if (step instanceof ToDefinition to) {
                to.setUri(filled(to.getEndpointUri()));
            } else if (step instanceof AggregateDefinition aggregate) {
                fill(aggregate);
            } else if (step instanceof BeanDefinition bean && bean.getRef() != null) {
                bean.setRef(filled(bean.getRef()));
            } else if (step instanceof MarshalDefinition marshal
                    && marshal.getDataFormatType() instanceof CustomDataFormat format) {
                CustomDataFormat own = new CustomDataFormat();
                own.setRef(filled(format.getRef()));
                marshal.setDataFormatType(own);
            }
            fill(step.getOutputs());
        }
    }

    private void fill(AggregateDefinition aggregate) {
        if (aggregate.getCompletionSize() != null) {
            aggregate.setCompletionSize(filled(aggregate.getCompletionSize()));
        }
        if (aggregate.getCorrelationExpression() != null
                && aggregate.getCorrelationExpression().getExpressionType() instanceof SimpleExpression key) {
            aggregate.setCorrelationExpression(
                    new ExpressionSubElementDefinition(new SimpleExpression(filled(key.getExpression()))));
        }
    }

    private void place(OptionalIdentifiedDefinition<?> node) {
        node.setLocation(caller.getLocation());
        node.setLineNumber(caller.getLineNumber());
    }

    /** In one pass, because each check of a folder with many pipelines comes here. */
    private String filled(String text) {
        if (!text.contains("{{")) {
            return text;
        }
        String filled = PARAMETER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
        return OPTION_WITHOUT_VALUE.matcher(filled).replaceAll("").replaceFirst("[&?]$", "");
    }
}
