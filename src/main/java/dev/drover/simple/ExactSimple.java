package dev.drover.simple;

import dev.drover.ledger.Delivery;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.camel.support.ScriptHelper;
import org.jspecify.annotations.Nullable;

/**
 * Camel's simple language, in which {@code ==}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}, {@code =~},
 * {@code !=~}, {@code in} and {@code range} compare numbers by their value. Camel itself compares decimals as whole
 * numbers. What can be compared in no other way than Camel's is refused when the expression is read.
 *
 * <p>Every Camel context finds it by {@code META-INF/services/org/apache/camel/language/simple}, if Drover stands
 * before Camel on the class path. If Drover stands behind, as in {@code camel run}, the context gets it before its
 * routes. A pipeline does not start with another one. Thread-safe.
 */
public final class ExactSimple extends SimpleLanguage implements ContextServicePlugin {

    /** With those of parameters, which a route may make again for each record. */
    private static final int MOST_PREDICATES = 1000;

    /** What delivery routes ask for each batch: Camel finds it by reflection, which takes as long as to hash the keys. */
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
            known = parse(expression); // may ask for others in turn
            predicates.put(expression, known);
        }
        return known;
    }

    private Predicate parse(String expression) {
        String text = isStaticResource(expression) ? loadResource(expression) : expression;
        WholeNumbers.refuse(text);
        return new ExactParser(getCamelContext(), text).parsePredicate();
    }

    @Override
    public Expression createExpression(String expression) {
        WholeNumbers.refuse(expression);
        return expression.equals(BATCH_ID) ? BATCH_ID_OF : super.createExpression(expression);
    }
}
