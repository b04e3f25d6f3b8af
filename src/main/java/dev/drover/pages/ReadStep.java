package dev.drover.pages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;

/** Finds SQL that does not read the next page: without the cursor, without an order, without the page's size. */
final class ReadStep {

    private static final Pattern NOT_SQL = Pattern.compile("(?s)'[^']*'|--[^\\n]*|/\\*.*?\\*/");
    private static final Pattern ELSEWHERE = Pattern.compile("^(resource|classpath|file|ref|bean|https?):.*");
    private static final Map<Pattern, String> NEEDS = new LinkedHashMap<>();

    static {
        needs("[.#{:]" + PageRead.AFTER + "\\b", "needs the cursor: WHERE key > :#${variable." + PageRead.AFTER + "}");
        needs("\\border\\s+by\\b", "needs ORDER BY the key columns, or rows would be passed over");
        needs("\\b(limit|fetch|top|rownum)\\b", "needs LIMIT :#${variable." + PageRead.PAGE_SIZE + "}");
        needs(
                "[.#{:]" + PageRead.PAGE_SIZE + "\\b",
                "must ask for as many rows as the page has, or it looks drained: LIMIT :#${variable."
                        + PageRead.PAGE_SIZE + "}");
    }

    private ReadStep() {}

    private static void needs(String pattern, String message) {
        NEEDS.put(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), message);
    }

    static List<Finding> findings(CamelContext context, RouteDefinition route, SplitDefinition split) {
        if (route.getInput().getEndpointUri().matches(".*[?&]table=.*")) {
            return List.of();
        }
        List<ProcessorDefinition<?>> steps = new ArrayList<>();
        for (ProcessorDefinition<?> step : route.getOutputs()) {
            if (step == split) {
                break;
            }
            steps.add(step);
        }
        steps.removeIf(OnExceptionDefinition.class::isInstance);
        if (steps.isEmpty() && route.getOutputs().contains(split)) {
            String message = "is missing, and no step before the split reads the page; name a table, or add a sql step";
            return List.of(RoutePlace.of(route).finding("table", message));
        }
        List<Finding> findings = new ArrayList<>();
        steps.forEach(step -> sql(context, step)
                .flatMap(ReadStep::wrong)
                .ifPresent(message -> findings.add(new RoutePlace(route, step).finding("query", message))));
        return findings;
    }

    /** The SQL that a step holds itself. */
    static Optional<String> sql(CamelContext context, ProcessorDefinition<?> step) {
        if (!(step instanceof ToDefinition to) || !to.getEndpointUri().startsWith("sql:")) {
            return Optional.empty();
        }
        String query = RoutePlace.resolved(context, to.getEndpointUri()).substring("sql:".length());
        return ELSEWHERE.matcher(query).matches() ? Optional.empty() : Optional.of(query);
    }

    /** What the SQL lacks first; SQL that only writes is not one that reads the page. */
    private static Optional<String> wrong(String query) {
        String sql = NOT_SQL.matcher(query).replaceAll(" ");
        if (!sql.stripLeading().matches("(?is)(select|with|\\().*")) {
            return Optional.empty();
        }
        return NEEDS.entrySet().stream()
                .filter(need -> !need.getKey().matcher(sql).find())
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
