package dev.drover.simple;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is Camel's own function. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodyColumnTest {

    private final CamelContext context = new DefaultCamelContext();

    @BeforeAll
    void start() {
        context.start();
    }

    @AfterAll
    void stop() throws Exception {
        context.close();
    }

    static Stream<String> functions() {
        return Stream.of(
                "${body[quantity]}",
                "${body['quantity']}",
                "${body[\"quantity\"]}",
                "${body[ quantity ]}",
                "${body[größe]}",
                "${body[two words]}",
                "${body[a.b]}",
                "${body[a-b]}",
                "${body[0]}",
                "${body[last]}",
                "${body[last-1]}",
                "${body[missing]}",
                "${body?[missing]}",
                "${body[quantity][deep]}",
                "${body['quantity\"]}",
                "${body[${header.name}]}",
                "${body[QUANTITY]}",
                "${body.quantity}",
                "${body}");
    }

    @ParameterizedTest
    @MethodSource("functions")
    void shouldGiveTheValueThatCamelGivesWhateverTheBodyIs(String function) {
        // Given
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("quantity", 3);
        row.put("größe", null);
        row.put("two words", "yes");
        row.put("a.b", 1.5);
        row.put("a-b", true);
        row.put("0", "zero");
        row.put("last", "the last");
        List<@Nullable Object> bodies = Arrays.asList(
                row,
                Map.of("quantity", Map.of("deep", "down")),
                Map.of("quantity", List.of(1, 2)),
                Map.of(),
                List.of("first", "second"),
                "a text",
                7,
                null);

        // Then
        assertThat(bodies).allSatisfy(body -> assertThat(value(exact(), function, body))
                .isEqualTo(value(stock(), function, body)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${body[quantity]} > 0 && ${body['quantity']} < 4",
                "${body[quantity]} == ${body[quantity]}",
                "${body[name]} contains 'n'",
                "${body[name]} startsWith 'A' || ${body[name]} endsWith 'x'",
                "${body[name]} regex '^A.*'",
                "${body[name]} in 'Ann,Ben'",
                "${body[name]} is 'String'"
            })
    void shouldNotHashTheRowWhenAConditionNeedsOneColumn(String text) {
        // Given
        Map<String, Object> row = new HashMap<>(Map.of("quantity", 3, "name", "Ann")) {
            private static final long serialVersionUID = 1L;

            @Override
            public int hashCode() {
                throw new UnsupportedOperationException("the values of a row are hashed");
            }
        };
        Predicate condition = exact().createPredicate(text);
        condition.init(context);

        // Then
        assertThat(condition.matches(exchange(row))).isTrue();
        assertThat(value(exact(), "${body[quantity]}", row)).isEqualTo(3);
    }

    private Language exact() {
        return context.resolveLanguage("simple");
    }

    private Language stock() {
        SimpleLanguage stock = new SimpleLanguage();
        stock.setCamelContext(context);
        stock.init();
        return stock;
    }

    /** The value, or the class of the failure. */
    private @Nullable Object value(Language language, String function, @Nullable Object body) {
        try {
            Expression expression = language.createExpression(function);
            expression.init(context);
            return expression.evaluate(exchange(body), Object.class);
        } catch (RuntimeException e) {
            return e.getClass();
        }
    }

    private Exchange exchange(@Nullable Object body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader("name", "quantity");
        return exchange;
    }
}
