package dev.drover.lint;

import dev.drover.route.Expressions;
import dev.drover.route.Finding;
import dev.drover.route.ForwarderShape;
import dev.drover.route.RouteShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/** Checks the pipelines of a context that has loaded its routes. The context need not be started. */
public final class PipelineCheck {

    private PipelineCheck() {}

    /** The mistakes that would lose a record or keep a pipeline from starting. */
    public static List<Finding> findings(CamelContext context) {
        List<Finding> findings = new ArrayList<>();
        for (RouteDefinition route : RouteShape.pipelines(context)) {
            findings.addAll(PagesOptions.findings(context, route));
            findings.addAll(RouteShape.findings(context, route));
            RouteShape.split(context, route)
                    .ifPresent(split -> findings.addAll(ReadStep.findings(context, route, split)));
        }
        findings.addAll(ForwarderShape.findings(context));
        return findings;
    }

    /** Notes about risks. */
    static List<Finding> notes(CamelContext context) {
        return RouteShape.pipelines(context).stream()
                .flatMap(route -> RouteShape.split(context, route).stream()
                        .flatMap(split -> Stream.concat(
                                ReadStep.notes(context, route, split).stream(),
                                Expressions.notes(context, route, split).stream())))
                .toList();
    }
}
