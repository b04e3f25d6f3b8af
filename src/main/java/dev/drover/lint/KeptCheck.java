package dev.drover.lint;

import dev.drover.ledger.Beans;
import dev.drover.ledger.Recovery;
import dev.drover.outcome.Fate;
import dev.drover.route.ErrorClauses;
import dev.drover.route.Finding;
import dev.drover.route.RoutePlace;
import dev.drover.route.RouteSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;

/**
 * Finds clauses that end a kept batch for a status after which the batch may have been applied. The batches that
 * replace it would have other idempotency keys and be applied a second time.
 */
final class KeptCheck {

    private static final Pattern STATUS = Pattern.compile("\\b[1-9]\\d\\d\\b");

    private final CamelContext context;

    /** Prepares the check of a context that has loaded its routes. */
    KeptCheck(CamelContext context) {
        this.context = context;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        RouteSteps.written(context)
                .forEach(route ->
                        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), BeanDefinition.class).stream()
                                .filter(this::keeps)
                                .forEach(step -> ErrorClauses.of(context, route).forEach(clause -> statuses(clause)
                                        .forEach(status -> findings.add(finding(route, step, clause, status))))));
        return findings.stream().distinct().toList(); // a prepared route has its shared clauses twice
    }

    private boolean keeps(BeanDefinition step) {
        return Beans.of(context, step.getRef()) instanceof Recovery;
    }

    /** The statuses of the clause, except those that say that the destination applied nothing. */
    private Stream<String> statuses(OnExceptionDefinition clause) {
        if (clause.getHandled() == null || clause.getOnWhen() == null) {
            return Stream.empty();
        }
        String when = context.resolvePropertyPlaceholders(
                String.valueOf(clause.getOnWhen().getExpression().getExpression()));
        return STATUS.matcher(when)
                .results()
                .map(MatchResult::group)
                .filter(status -> !Fate.isRefusal(Integer.parseInt(status)))
                .limit(1);
    }

    private static Finding finding(
            RouteDefinition route, BeanDefinition step, OnExceptionDefinition clause, String status) {
        return new RoutePlace(route, step)
                .finding(
                        "ref",
                        "the clause " + clause.getId() + " ends a batch for status " + status
                                + ", which leaves open whether it was applied: with kept batches only 400, 413, 415"
                                + " and 422 may, so set drover.delivery.finalStatuses to 0 or remove this step");
    }
}
