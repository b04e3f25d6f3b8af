package dev.drover.delivery;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LanguageSupport;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Has {@code to}, {@code toD}, {@code wireTap} and {@code enrich} send to the address as it is written. A function in it
 * is a value of the record for {@code to}, and of the message for the others. For these, Camel would send to host and port
 * only and put path and query into headers, which our HTTP endpoints ignore, since a record may carry headers. Every Camel
 * context loads this class.
 */
public final class WholeAddresses implements ContextServicePlugin {

    private static final String OPTIMISED = "false";

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
        WrittenAddresses written = new WrittenAddresses(context);
        context.getCamelContextExtension().registerEndpointCallback(written);
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        model.getRouteDefinitions().forEach(route -> added(route, written));
        model.addModelLifecycleStrategy(new ModelLifecycleStrategySupport() {
            @Override
            public void onAddRouteDefinition(RouteDefinition route) {
                added(route, written);
            }
        });
    }

    private static void added(RouteDefinition route, WrittenAddresses written) {
        List<ProcessorDefinition<?>> steps = route.getOutputs(); // with those of its error clauses
        Map<String, Object> parameters = Objects.requireNonNullElse(route.getTemplateParameters(), Map.of());
        for (ToDefinition step :
                List.copyOf(ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDefinition.class))) {
            String address = written.resolved(step.getEndpointUri(), parameters);
            if (address.startsWith("http")
                    && (LanguageSupport.hasSimpleFunction(address) || MadeAddress.dependsOnOperation(address))) {
                replace(step, new MadeAddress(withMethod(address, written), written, true));
            } else {
                step.setUri(written.marked(step.getEndpointUri(), parameters));
            }
        }
        for (ToDynamicDefinition step :
                ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDynamicDefinition.class)) {
            step.setAllowOptimisedComponents(OPTIMISED);
            if (step.getEndpointProducerBuilder() != null) {
                continue; // was a to
            }
            if (LanguageSupport.hasSimpleFunction(step.getUri())) {
                step.setEndpointProducerBuilder(new MadeAddress(step.getUri(), written, false));
            } else {
                step.setUri(written.marked(step.getUri(), parameters));
            }
        }
        for (EnrichDefinition step : ProcessorDefinitionHelper.filterTypeInOutputs(steps, EnrichDefinition.class)) {
            step.setAllowOptimisedComponents(OPTIMISED);
            ExpressionDefinition address = step.getExpression();
            if (LanguageSupport.hasSimpleFunction(address.getExpression())) {
                step.setExpression(MadeAddress.in(address, written));
            } else {
                address.setExpression(written.marked(address.getExpression(), parameters));
            }
        }
    }

    /** Camel would choose the method by the query. */
    private static String withMethod(String address, WrittenAddresses written) {
        WrittenAddresses.Parts parts = written.parts(address);
        String begin = (parts.sent() + parts.options()).isEmpty() ? "?" : "&";
        return parts.options().contains("&httpMethod=") ? address : address + begin + "httpMethod=POST";
    }

    /** Camel's own {@code to} takes a function in an address for a part of its text. */
    private static void replace(ToDefinition step, MadeAddress address) {
        ToDynamicDefinition made = new ToDynamicDefinition(address.getRawUri());
        made.setEndpointProducerBuilder(address);
        made.setId(step.getId());
        made.setLocation(step.getLocation());
        made.setLineNumber(step.getLineNumber());
        made.setParent(step.getParent());
        step.getParent().getOutputs().replaceAll(each -> each == step ? made : each);
    }
}
