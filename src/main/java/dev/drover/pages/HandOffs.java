package dev.drover.pages;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.ResequenceDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the steps that hand a record to another thread and let its exchange end, so that the checkpoint would pass it
 * before it is settled. Follows {@code direct} into other routes; looks at nothing behind the batch, whose end is seen
 * by itself.
 */
final class HandOffs {

    private static final Set<String> QUEUES = Set.of("seda", "disruptor", "disruptor-vm");

    private final CamelContext context;
    private final BiFunction<ProcessorDefinition<?>, String, RuntimeException> refusal;
    private final Set<String> followed = new HashSet<>();

    HandOffs(CamelContext context, BiFunction<ProcessorDefinition<?>, String, RuntimeException> refusal) {
        this.context = context;
        this.refusal = refusal;
    }

    void check(SplitDefinition split) {
        List<ProcessorDefinition<?>> nodes = nodesIn(split);
        boolean collects = nodes.stream().anyMatch(AggregateDefinition.class::isInstance);
        nodes.stream().filter(node -> !isBehindBatch(node)).forEach(node -> {
            if (!collects && node instanceof WireTapDefinition<?>) {
                throw refusal.apply(
                        node,
                        "a wireTap does not wait for what it sends; send with a to, or collect with" + " an aggregate");
            }
            check(node);
        });
    }

    private void check(ProcessorDefinition<?> node) {
        if (node instanceof ResequenceDefinition) {
            throw refusal.apply(node, "a resequence keeps the record and lets its exchange end; sort in the SQL");
        }
        String uri = uriOf(node);
        if (uri == null || node instanceof WireTapDefinition<?>) {
            return;
        }
        String scheme = uri.replaceFirst("[:?].*", "");
        if (QUEUES.contains(scheme)) {
            throw refusal.apply(
                    node, scheme + " hands the record over in memory: its end would be seen before it is settled");
        }
        if (scheme.equals("direct") && followed.add(uri)) {
            follow(uri);
        }
    }

    private void follow(String uri) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            if (route.getInput() != null
                    && endpoint(route.getInput().getEndpointUri()).equals(endpoint(uri))) {
                nodesIn(route).forEach(this::checkCalled);
            }
        }
    }

    private void checkCalled(ProcessorDefinition<?> node) {
        if (node instanceof AggregateDefinition) {
            throw refusal.apply(node, "the aggregate must stand in the route of the pipeline, not in one it calls");
        }
        check(node);
    }

    private static List<ProcessorDefinition<?>> nodesIn(ProcessorDefinition<?> parent) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(parent.getOutputs(), ProcessorDefinition.class).stream()
                .<ProcessorDefinition<?>>map(node -> node)
                .toList();
    }

    private static boolean isBehindBatch(ProcessorDefinition<?> node) {
        for (ProcessorDefinition<?> parent = node.getParent(); parent != null; parent = parent.getParent()) {
            if (parent instanceof AggregateDefinition) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String uriOf(ProcessorDefinition<?> node) {
        String uri = null;
        if (node instanceof SendDefinition<?> send) {
            uri = send.getEndpointUri();
        } else if (node instanceof ToDynamicDefinition dynamic) {
            uri = dynamic.getUri();
        }
        return uri == null ? null : context.resolvePropertyPlaceholders(uri);
    }

    private String endpoint(String uri) {
        return context.resolvePropertyPlaceholders(uri)
                .replaceFirst("\\?.*", "")
                .replace("://", ":");
    }
}
