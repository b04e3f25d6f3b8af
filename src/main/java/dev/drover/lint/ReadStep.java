package dev.drover.lint;

import dev.drover.config.PagesConfig;
import dev.drover.pages.PagesEndpoint;
import dev.drover.route.Finding;
import dev.drover.route.RoutePlace;
import dev.drover.sql.PageCheck;
import dev.drover.sql.PageSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;

/** Checks that the SQL of a read step reads the next page: by the cursor, in order, and with the page size. */
final class ReadStep {

    /** Options by which a step returns fewer rows, none, or no list of rows: a page would look drained, or not be one. */
    private static final Pattern NOT_A_PAGE = Pattern.compile(
            "[?&](template[.]maxRows|outputType(?==(?!SelectList\\b))|outputHeader|noop(?==true)|batch(?==true))=");

    private final CamelContext context;
    private final RouteDefinition route;
    private final PagesEndpoint endpoint;
    private final List<String> key;

    private ReadStep(CamelContext context, RouteDefinition route) {
        this.context = context;
        this.route = route;
        this.endpoint = context.getEndpoint(
                RoutePlace.resolved(context, route.getInput().getEndpointUri()), PagesEndpoint.class);
        this.key = PagesConfig.columns(endpoint.getKey());
    }

    static List<Finding> findings(CamelContext context, RouteDefinition route, SplitDefinition split) {
        if (route.getInput().getEndpointUri().matches(".*[?&]table=.*")) {
            return List.of();
        }
        List<ProcessorDefinition<?>> steps = steps(route, split);
        if (steps.isEmpty() && route.getOutputs().contains(split)) {
            String message = "is missing, and no step before the split reads the page; name a table, or add a sql step";
            return List.of(RoutePlace.of(route).finding("table", message));
        }
        return hasKey(context, route) ? new ReadStep(context, route).findings(steps) : List.of();
    }

    /** Notes of {@code lint} and {@code doctor} about SQL that is a risk. */
    static List<Finding> notes(CamelContext context, RouteDefinition route, SplitDefinition split) {
        return route.getInput().getEndpointUri().matches(".*[?&]table=.*") || !hasKey(context, route)
                ? List.of()
                : new ReadStep(context, route).notes(steps(route, split));
    }

    /** Whether the pipeline has a valid key. Another check reports an invalid one. */
    private static boolean hasKey(CamelContext context, RouteDefinition route) {
        return PagesOptions.findings(context, route).stream()
                .noneMatch(
                        finding -> finding.key().equals("key") || finding.key().equals("uri"));
    }

    private static List<ProcessorDefinition<?>> steps(RouteDefinition route, SplitDefinition split) {
        List<ProcessorDefinition<?>> steps = new ArrayList<>();
        for (ProcessorDefinition<?> step : route.getOutputs()) {
            if (step == split) {
                break;
            }
            steps.add(step);
        }
        steps.removeIf(OnExceptionDefinition.class::isInstance);
        return steps;
    }

    private List<Finding> findings(List<ProcessorDefinition<?>> steps) {
        List<Finding> findings = new ArrayList<>();
        boolean isRead = false;
        for (ProcessorDefinition<?> step : steps) {
            Optional<String> query = sql(context, step);
            if (query.isPresent() && isRead) {
                findings.add(new RoutePlace(route, step)
                        .finding("sql", "replaces the page that the step before it has read; remove one of the two"));
            }
            query.ifPresent(sql -> findings.addAll(findings(step, sql)));
            isRead |= query.isPresent();
        }
        return findings;
    }

    private List<Finding> findings(ProcessorDefinition<?> step, String query) {
        PageSql sql = new PageSql(query, key);
        String uri = RoutePlace.resolved(context, ((ToDefinition) step).getEndpointUri());
        if (uri.matches("(?s).*[?&]useMessageBodyForSql=true.*")) {
            return List.of(new RoutePlace(route, step)
                    .finding("useMessageBodyForSql", "must not be true: the SQL of the body cannot be checked"));
        }
        Matcher other = NOT_A_PAGE.matcher(uri);
        if (other.find()) {
            return List.of(new RoutePlace(route, step)
                    .finding(
                            other.group(1),
                            "is not allowed, the step must return all rows of a page as its body; remove it"));
        }
        boolean marks = !((ToDefinition) step).getEndpointUri().matches("(?s).*[?&]placeholder=.*");
        Optional<String> wrong = sql.strayMark().isEmpty() || !marks
                ? new PageCheck(sql, key).wrong()
                : Optional.of("has # in " + sql.strayMark() + ", of which Camel would make a parameter; add"
                        + " placeholder: \"(?<=:)#\" to the parameters of the step");
        if (wrong.isPresent()) {
            return List.of(new RoutePlace(route, step).finding("query", wrong.get()));
        }
        return endpoint.getStartAfter() == null
                ? sql.withoutBeginning().stream()
                        .map(why -> RoutePlace.of(route).finding("startAfter", why.toString()))
                        .toList()
                : List.of();
    }

    private List<Finding> notes(List<ProcessorDefinition<?>> steps) {
        List<Finding> notes = new ArrayList<>();
        for (ProcessorDefinition<?> step : steps) {
            sql(context, step)
                    .map(query -> new PageSql(query, key))
                    .flatMap(read -> new PageCheck(read, key).risk())
                    .ifPresent(note -> notes.add(new RoutePlace(route, step).finding("query", note.toString())));
        }
        return notes;
    }

    /** The SQL in the URI of a step; empty if it is not an SQL step. */
    static Optional<String> sql(CamelContext context, ProcessorDefinition<?> step) {
        if (!(step instanceof ToDefinition to) || !to.getEndpointUri().startsWith("sql:")) {
            return Optional.empty();
        }
        String uri = RoutePlace.resolved(context, to.getEndpointUri());
        return Optional.of(
                uri.substring("sql:".length()).split("\\?", 2)[0]); // Camel separates the options in the same way
    }
}
