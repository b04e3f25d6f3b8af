package dev.drover.route;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RemovePropertiesDefinition;
import org.apache.camel.model.RemovePropertyDefinition;
import org.apache.camel.model.RemoveVariableDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.SetPropertyDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.SetVariablesDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.ValidateDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.model.language.JqExpression;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PatternHelper;
import org.jspecify.annotations.Nullable;

/**
 * Finds simple expressions that Camel would refuse at the start, headers that no HTTP step obeys, and steps that change a
 * property or variable of Drover.
 */
public final class Expressions {

    private static final Pattern CONTROLS_HTTP =
            Pattern.compile("CamelHttp(Uri|BaseUri|Path|Query|RawQuery|Method|Host)");

    private static final Pattern CHANGES_RECORD = Pattern.compile("\\$\\{body\\.(put|putAll|remove|clear)\\(");

    /** The properties by which a record and its batch are known, and the variables of the read step. */
    private static final Pattern OWN = Pattern.compile("page|record|batch|attempt|recordHeaders|drover.*");

    private static final Pattern OWN_VARIABLE = Pattern.compile("after|upTo|pageSize");

    private final CamelContext context;
    private final RouteDefinition route;
    private final List<Finding> findings = new ArrayList<>();

    Expressions(CamelContext context, RouteDefinition route) {
        this.context = context;
        this.route = route;
    }

    /**
     * Refuses a context whose simple language compares decimals as whole numbers, like Camel's own.
     *
     * @throws IllegalStateException with the remedy
     */
    public static void refuseWholeNumbers(CamelContext context) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(new BigDecimal("2.5"));
        Predicate wrong = context.resolveLanguage("simple").createPredicate("${body} == 2");
        wrong.init(context);
        if (wrong.matches(exchange)) {
            throw new IllegalStateException(
                    "the simple language of this process is Camel's own, which compares decimals as"
                            + " whole numbers; put drover.jar before the jars of Camel on the class path");
        }
    }

    List<Finding> findings() {
        for (RouteSteps.Step step : RouteSteps.ofAll(context, route)) {
            ProcessorDefinition<?> node = step.node();
            if (node instanceof ChoiceDefinition choice) {
                choice.getWhenClauses().forEach(when -> check(when, true));
            } else if (node instanceof HasExpressionType) {
                check(node, node instanceof FilterDefinition || node instanceof ValidateDefinition);
            } else if (node instanceof ToDynamicDefinition dynamic) {
                check(node, "uri", dynamic.getUri(), false);
                checkLanguage(node, "uri", !dynamic.getUri().startsWith("language:"));
            }
            if (node instanceof EnrichDefinition enrich) {
                boolean isSimple = enrich.getExpression() instanceof SimpleExpression;
                checkLanguage(node, "expression", isSimple || enrich.getExpression() instanceof ConstantExpression);
            }
            if (node instanceof SetHeaderDefinition header) {
                checkHeader(node, header);
            } else if (node instanceof SetHeadersDefinition headers && headers.getHeaders() != null) {
                headers.getHeaders().forEach(header -> checkHeader(node, header));
            }
            checkOwn(node);
        }
        return findings;
    }

    private void checkOwn(ProcessorDefinition<?> node) {
        if (node instanceof SetPropertyDefinition set) {
            checkOwn(node, "name", set.getName(), OWN);
        } else if (node instanceof RemovePropertyDefinition removed) {
            checkOwn(node, "name", removed.getName(), OWN);
        } else if (node instanceof SetVariableDefinition set) {
            checkOwn(node, "name", set.getName(), OWN_VARIABLE);
        } else if (node instanceof SetVariablesDefinition sets && sets.getVariables() != null) {
            sets.getVariables().forEach(set -> checkOwn(node, "name", set.getName(), OWN_VARIABLE));
        } else if (node instanceof RemoveVariableDefinition removed) {
            checkOwn(node, "name", removed.getName(), OWN_VARIABLE);
        } else if (node instanceof RemovePropertiesDefinition removed) {
            Stream.of("page", "record", "batch")
                    .filter(name -> PatternHelper.matchPattern(name, removed.getPattern())
                            && !PatternHelper.isExcludePatternMatch(name, excluded(removed)))
                    .limit(1)
                    .forEach(name -> add(
                            node,
                            "pattern",
                            removed.getPattern() + " removes " + name
                                    + ", which belongs to Drover; name what to remove"));
        }
    }

    private static String[] excluded(RemovePropertiesDefinition removed) {
        return removed.getExcludePattern() == null
                ? new String[0]
                : removed.getExcludePattern().split(",");
    }

    private void checkOwn(ProcessorDefinition<?> node, String key, @Nullable String name, Pattern own) {
        String resolved = RoutePlace.resolved(context, String.valueOf(name));
        if (own.matcher(resolved).matches()) {
            add(node, key, resolved + " belongs to Drover; choose another name");
        }
    }

    /** Notes about headers of a record, which its batch does not get. */
    public static List<Finding> notes(CamelContext context, RouteDefinition route, SplitDefinition split) {
        return RouteSteps.ofRecord(context, route, split).stream()
                .filter(step ->
                        step.node() instanceof SetHeaderDefinition || step.node() instanceof SetHeadersDefinition)
                .map(step -> new RoutePlace(route, step.node())
                        .finding(
                                step.node().getShortName(),
                                "a header ends with its record, and no request has it; set it in the delivery route of"
                                        + " the long form"))
                .toList();
    }

    private void checkLanguage(ProcessorDefinition<?> node, String key, boolean isKnown) {
        if (!isKnown) {
            add(node, key, "an address that another language makes may not leave as it is written; use simple");
        }
    }

    private void checkHeader(ProcessorDefinition<?> node, SetHeaderDefinition header) {
        if (header.getName() != null && CONTROLS_HTTP.matcher(header.getName()).matches()) {
            add(
                    node,
                    "name",
                    header.getName()
                            + " is not obeyed: a record must not change where it is sent; name the address and"
                            + " httpMethod in the step that sends, a toD for an address with a column in it");
        }
    }

    private void check(OptionalIdentifiedDefinition<?> node, boolean predicate) {
        if (node instanceof HasExpressionType typed && typed.getExpressionType() instanceof SimpleExpression simple) {
            check(node, "simple", simple.getExpression(), predicate);
        } else if (node instanceof HasExpressionType typed && typed.getExpressionType() instanceof JqExpression jq) {
            check(node, "jq", jq.getExpression(), predicate);
        }
    }

    private void check(OptionalIdentifiedDefinition<?> node, String key, String written, boolean predicate) {
        String text = RoutePlace.resolved(context, written);
        if (text.contains("{{")) {
            return; // contains a setting without a value
        }
        Language language = context.resolveLanguage(key.equals("jq") ? "jq" : "simple");
        try {
            Matcher change = CHANGES_RECORD.matcher(text);
            if (change.find()) {
                add(
                        node,
                        key,
                        "a record is read-only and has no " + change.group(1) + "(); shape it by setBody with jq,"
                                + " or in the SELECT");
                return;
            }
            Object unused = predicate ? language.createPredicate(text.trim()) : language.createExpression(text.trim());
        } catch (RuntimeException e) {
            String why = String.valueOf(e.getMessage()).replaceFirst("(?s)( at location|[\\r\\n]).*", "");
            add(node, key, why);
        }
    }

    private void add(OptionalIdentifiedDefinition<?> node, String key, String message) {
        findings.add(new RoutePlace(route, node).finding(key, message));
    }
}
