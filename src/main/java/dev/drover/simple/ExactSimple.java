package dev.drover.simple;

import dev.drover.ledger.Delivery;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.ast.BinaryExpression;
import org.apache.camel.language.simple.ast.LogicalExpression;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.language.simple.ast.TernaryExpression;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.camel.support.ScriptHelper;
import org.jspecify.annotations.Nullable;

/**
 * Camel's simple language, in which {@code ==}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}, {@code =~},
 * {@code !=~}, {@code in} and {@code range} compare numbers by their value. Camel itself compares decimals as whole
 * numbers. Expressions that only Camel can compare are refused when they are parsed.
 *
 * <p>If Drover precedes Camel on the class path, every Camel context finds this language by
 * {@code META-INF/services/org/apache/camel/language/simple}. Otherwise, as in {@code camel run}, it is bound to the
 * context before the routes are loaded. A pipeline does not start with another simple language. Thread-safe.
 */
public final class ExactSimple extends SimpleLanguage implements ContextServicePlugin {

    /** Includes predicates with parameters, which a route may create for each record. */
    private static final int MOST_PREDICATES = 1000;

    /** Evaluated for each batch: Camel would use reflection, which takes as long as hashing the keys. */
    private static final String BATCH_ID = "${exchangeProperty.batch.id}";

    private static final Expression BATCH_ID_OF = new ExpressionAdapter() {
        @Override
        public @Nullable Object evaluate(Exchange exchange) {
            return exchange.getProperty("batch") instanceof Delivery batch ? batch.getId() : null;
        }

        @Override
        public String toString() {
            return BATCH_ID;
        }
    };

    /** The functions that silently round decimals to whole numbers. */
    private static final Pattern FUNCTION = Pattern.compile("\\$\\{\\s*(sum|average|max|min|abs)\\(");

    /** A condition inside a function, which Camel reads with another parser. */
    private static final Pattern TERNARY =
            Pattern.compile("\\$\\{[^}]*\\s(==|!=|=~|!=~|<=?|>=?|!?in|!?range)\\s[^}]*\\?");

    private final Map<String, Predicate> predicates = LRUCacheFactory.newLRUCache(MOST_PREDICATES);

    @Override
    public void load(CamelContext context) {
        if (context.getRegistry().lookupByName("simple") == null) {
            context.getRegistry().bind("simple", new ExactSimple());
        }
    }

    @Override
    public Predicate createPredicate(String expression) {
        if (isDynamicResource(expression)) {
            return exchange -> {
                Predicate read = createPredicate(String.valueOf(
                        ScriptHelper.resolveOptionalExternalScript(getCamelContext(), exchange, expression)));
                read.init(getCamelContext());
                return read.matches(exchange);
            };
        }
        Predicate known = predicates.get(expression);
        if (known == null) {
            known = parse(expression); // may parse others in turn
            predicates.put(expression, known);
        }
        return known;
    }

    private Predicate parse(String expression) {
        String text = isStaticResource(expression) ? loadResource(expression) : expression;
        refuseRounding(text);
        return new ExactParser(getCamelContext(), text).parsePredicate();
    }

    @Override
    public Expression createExpression(String expression) {
        refuseRounding(expression);
        if (expression.equals(BATCH_ID)) {
            return BATCH_ID_OF;
        }
        Expression stock = super.createExpression(expression);
        return BodyColumn.of(expression, stock).orElse(stock);
    }

    /** Refuses an expression in which Camel would round decimals. */
    private static void refuseRounding(String expression) {
        Matcher function = FUNCTION.matcher(expression);
        if (function.find()) {
            throw new SimpleIllegalSyntaxException(
                    expression,
                    function.start(),
                    function.group(1) + "() rounds decimals to whole numbers; compute it in the SELECT");
        }
        Matcher ternary = TERNARY.matcher(expression);
        if (ternary.find()) {
            throw new SimpleIllegalSyntaxException(
                    expression,
                    ternary.start(),
                    "a comparison inside ${ } takes decimals as whole numbers; use ${iif(predicate,true,false)} or a"
                            + " choice");
        }
    }

    /** The predicate parser of Camel, with exact comparisons in its tree. */
    private static final class ExactParser extends SimplePredicateParser {

        ExactParser(CamelContext context, String expression) {
            super(context, expression, true, null);
        }

        @Override
        public List<SimpleNode> parseTokens() {
            List<SimpleNode> parsed = super.parseTokens();
            parsed.replaceAll(this::exact);
            return parsed;
        }

        private SimpleNode exact(SimpleNode node) {
            if (node instanceof TernaryExpression) {
                throw new SimpleIllegalSyntaxException(
                        expression,
                        node.getToken().getIndex(),
                        "a condition with ? and : takes decimals as whole numbers; write the comparison alone, or use"
                                + " a choice");
            }
            if (node instanceof LogicalExpression logical) {
                logical.acceptLeftNode(exact(logical.getLeft()));
                logical.acceptRightNode(exact(logical.getRight()));
                return logical;
            }
            if (node instanceof BinaryExpression binary) {
                binary.acceptLeftNode(BodyColumn.in(binary.getLeft()));
                binary.acceptRightNode(BodyColumn.in(binary.getRight()));
                return ExactComparison.compares(binary) ? new ExactComparison(binary) : binary;
            }
            return node;
        }
    }
}
