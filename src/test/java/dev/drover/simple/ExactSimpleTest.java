package dev.drover.simple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Comparisons of the simple language over every type of number that a row may have; the oracle is exact arithmetic. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExactSimpleTest {

    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "2",
            "2.0",
            "2.5",
            "2.50",
            "-2.5",
            "9.99",
            "10",
            "100",
            "100.5",
            "100.50",
            "-0.01",
            "0.1",
            "127",
            "32767",
            "2147483647",
            "2147483648",
            "9007199254740993",
            "9007199254740992.5",
            "9223372036854775807",
            "9223372036854775808",
            "123456789012345678901234567890.12",
            "0.1000000000000000000001");

    private static final Map<String, Function<BigDecimal, ?>> TYPES = Map.of(
            "byte", BigDecimal::byteValueExact,
            "short", BigDecimal::shortValueExact,
            "int", BigDecimal::intValueExact,
            "long", BigDecimal::longValueExact,
            "BigInteger", BigDecimal::toBigIntegerExact,
            "BigDecimal", value -> value,
            "float", ExactSimpleTest::floatOf,
            "double", ExactSimpleTest::doubleOf,
            "text", BigDecimal::toPlainString);

    private static final Map<String, IntPredicate> OPERATORS = Map.of(
            "==", order -> order == 0,
            "!=", order -> order != 0,
            "<", order -> order < 0,
            "<=", order -> order <= 0,
            ">", order -> order > 0,
            ">=", order -> order >= 0,
            "=~", order -> order == 0,
            "!=~", order -> order != 0,
            "in", order -> order == 0,
            "!in", order -> order != 0);

    private final CamelContext context = new DefaultCamelContext();

    @BeforeAll
    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:filter").filter(simple("${body[a]} > 2.25")).setHeader("passed", constant(true));
                from("direct:choice").choice().when(simple("${body[a]} > 2.25")).setHeader("passed", constant(true));
                from("direct:validate")
                        .validate((Predicate) simple("${body[a]} > 2.25"))
                        .setHeader("passed", constant(true));
                from("direct:loop")
                        .loopDoWhile(simple("${header.passed} == null && ${body[a]} > 2.25"))
                        .setHeader("passed", constant(true));
                from("direct:iif").setHeader("passed", simple("${iif(${body[a]} > 2.25,true,false)}"));
                from("direct:stored").setHeader("passed", simple("${body[a]} > 2.25", Boolean.class));
            }
        });
        context.start();
    }

    @AfterAll
    void stop() throws Exception {
        context.close();
    }

    @Test
    void shouldCompareByValueWhateverTheTypesAre() {
        // Given
        List<String> wrong = new ArrayList<>();
        int compared = 0;

        // When
        for (String left : NUMBERS) {
            for (var type : TYPES.entrySet()) {
                Object value = as(type.getValue(), left);
                for (String right : value == null ? List.<String>of() : NUMBERS) {
                    int order = new BigDecimal(left).compareTo(new BigDecimal(right));
                    for (var operator : OPERATORS.entrySet()) {
                        for (String form : forms(right)) {
                            compared++;
                            String expression = "${body[a]} " + operator.getKey() + " " + form;
                            if (matches(expression, value, null)
                                    != operator.getValue().test(order)) {
                                wrong.add(type.getKey() + " " + left + ": " + expression);
                            }
                        }
                    }
                }
            }
        }

        // Then
        assertThat(compared).isGreaterThan(50_000);
        assertThat(wrong).isEmpty();
    }

    @Test
    void shouldCompareByValueWhenBothSidesAreColumns() {
        // Given
        List<String> wrong = new ArrayList<>();

        // When
        for (String left : NUMBERS) {
            for (String right : NUMBERS) {
                int order = new BigDecimal(left).compareTo(new BigDecimal(right));
                for (var one : TYPES.entrySet()) {
                    for (var other : TYPES.entrySet()) {
                        Object a = as(one.getValue(), left);
                        Object b = as(other.getValue(), right);
                        if (a != null && b != null && matches("${body[a]} < ${body[b]}", a, b) != order < 0) {
                            wrong.add(one.getKey() + " " + left + " < " + other.getKey() + " " + right);
                        }
                    }
                }
                if (matches("'" + left + "' >= ${body[b]}", null, new BigDecimal(right)) != order >= 0) {
                    wrong.add("'" + left + "' >= " + right);
                }
            }
        }

        // Then
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"filter", "choice", "loop", "iif", "stored"})
    void shouldCompareByValueInEveryStep(String step) {
        // When
        Object above = passed(step, new BigDecimal("2.50"));
        Object below = passed(step, new BigDecimal("2.2"));

        // Then
        assertThat(above).asString().isEqualTo("true");
        assertThat(below).satisfiesAnyOf(none -> assertThat(none).isNull(), no -> assertThat(no)
                .asString()
                .isEqualTo("false"));
    }

    @Test
    void shouldCompareByValueWhenAStepValidates() {
        // When
        Object above = passed("validate", new BigDecimal("2.50"));

        // Then
        assertThat(above).isEqualTo(true);
        assertThatThrownBy(() -> passed("validate", new BigDecimal("2.2")))
                .hasStackTraceContaining("PredicateValidationException");
    }

    /** Pipelines and forwarders both need the component. */
    @Test
    void shouldNotStartWhenTheLanguageIsCamelsOwn() throws Exception {
        // Given
        try (DefaultCamelContext camels = new DefaultCamelContext()) {
            camels.getRegistry().unbind("simple");
            camels.getRegistry().bind("simple", new SimpleLanguage());
            camels.start();

            // Then
            assertThatThrownBy(() -> camels.getComponent("pages"))
                    .hasStackTraceContaining("put drover.jar before the jars of Camel");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "100.50, 1..100, false",
        "100.50, 100..101, true",
        "100, 1..100, true",
        "1, 1.5..3, false",
        "2, 1.5..3, true",
        "-2, -3..-1, true"
    })
    void shouldKnowARangeByValue(BigDecimal value, String range, boolean expected) {
        // Then
        assertThat(matches("${body[a]} range '" + range + "'", value, null)).isEqualTo(expected);
        assertThat(matches("${body[a]} !range '" + range + "'", value, null)).isEqualTo(!expected);
    }

    @ParameterizedTest
    @CsvSource({"==, false", "!=, true", "<, false", "<=, false", ">, false", ">=, false", "in, false", "!in, true"})
    void shouldGiveTheDocumentedResultWhenAColumnIsNull(String operator, boolean expected) {
        // Then
        assertThat(matches("${body[a]} " + operator + " 5", null, null)).isEqualTo(expected);
    }

    @Test
    void shouldFindNullWithNullOnly() {
        // Then
        assertThat(matches("${body[a]} == null", null, null)).isTrue();
        assertThat(matches("${body[a]} != null", null, null)).isFalse();
        assertThat(matches("${body[a]} == null", 0, null)).isFalse();
        assertThat(matches("${body[a]} == ${body[b]}", null, null)).isTrue();
        assertThat(matches("${body[a]} >= ${body[b]}", null, null)).isFalse();
    }

    @Test
    void shouldPutNaNAboveAllWhenADoubleIsNone() {
        // Then
        assertThat(matches("${body[a]} > 5", Double.NaN, null)).isTrue();
        assertThat(matches("${body[a]} == ${body[b]}", Double.NaN, Float.NaN)).isTrue();
        assertThat(matches("${body[a]} < 5", Double.NEGATIVE_INFINITY, null)).isTrue();
    }

    @Test
    void shouldFailWhenANumberIsOrderedWithATextThatIsNone() {
        // Then
        assertThat(matches("${body[a]} == 'much'", 5, null)).isFalse();
        assertThat(matches("${body[a]} != ''", 5, null)).isTrue();
        assertThatThrownBy(() -> matches("${body[a]} > 5", "much", null))
                .hasMessage("a number cannot be compared with a text that is not a number");
    }

    @Test
    void shouldCompareTextsAsBeforeWhenTheyAreNoNumbers() {
        // Then
        assertThat(matches("${body[a]} == 'paid'", "paid", null)).isTrue();
        assertThat(matches("${body[a]} =~ 'PAID'", "paid", null)).isTrue();
        assertThat(matches("${body[a]} in 'new,paid'", "paid", null)).isTrue();
        assertThat(matches("${body[a]} > '2026-01-01'", "2026-01-02T08:00:00Z", null))
                .isTrue();
        assertThat(matches("${body[a]} == true", true, null)).isTrue();
        assertThat(matches("${body[a]} == 'paid' && ${body[b]} > 2.5", "paid", 3))
                .isTrue();
        assertThat(matches("${body[a]} == 'new' || ${body[b]} > 2.5", "paid", new BigDecimal("2.4")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${sum(${body[a]},1)}",
                "${average(${body[a]},1)}",
                "${max(${body[a]},1)}",
                "${min(${body[a]},1)}",
                "${abs(${body[a]})}",
                "${body[a] > 2 ? 'much' : 'little'}"
            })
    void shouldRefuseWhatRoundsDecimals(String expression) {
        // Then
        assertThatThrownBy(() -> context.resolveLanguage("simple").createExpression(expression))
                .isInstanceOf(SimpleIllegalSyntaxException.class)
                .hasMessageContaining("whole numbers");
    }

    @Test
    void shouldRefuseAConditionWhoseBranchesAreWrittenOut() {
        // Then
        assertThatThrownBy(
                        () -> context.resolveLanguage("simple").createPredicate("${body[a]} > 100 ? 'true' : 'false'"))
                .isInstanceOf(SimpleIllegalSyntaxException.class)
                .hasMessageContaining("whole numbers");
    }

    private static Stream<String> literals(String number) {
        boolean fits =
                new BigDecimal(number).abs().compareTo(new BigDecimal(Long.MAX_VALUE)) <= 0 || number.contains(".");
        return fits ? Stream.of(number, "'" + number + "'") : Stream.of("'" + number + "'");
    }

    private static List<String> forms(String number) {
        return literals(number).toList();
    }

    private boolean matches(String expression, @Nullable Object a, @Nullable Object b) {
        Predicate predicate = context.resolveLanguage("simple").createPredicate(expression);
        predicate.init(context);
        return predicate.matches(exchange(a, b));
    }

    private Object passed(String step, Object a) {
        Exchange ended = context.createProducerTemplate().send("direct:" + step, exchange(a, null));
        if (ended.getException() != null) {
            throw new IllegalStateException(ended.getException());
        }
        return ended.getMessage().getHeader("passed");
    }

    private Exchange exchange(@Nullable Object a, @Nullable Object b) {
        Map<String, Object> row = new HashMap<>();
        row.put("a", a);
        row.put("b", b);
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(row);
        return exchange;
    }

    /** Null if the type cannot hold the number. */
    private static @Nullable Object as(Function<BigDecimal, ?> type, String number) {
        try {
            return type.apply(new BigDecimal(number));
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static float floatOf(BigDecimal value) {
        float number = value.floatValue();
        if (new BigDecimal(Float.toString(number)).compareTo(value) != 0) {
            throw new ArithmeticException("not a float");
        }
        return number;
    }

    private static double doubleOf(BigDecimal value) {
        double number = value.doubleValue();
        if (new BigDecimal(Double.toString(number)).compareTo(value) != 0) {
            throw new ArithmeticException("not a double");
        }
        return number;
    }
}
