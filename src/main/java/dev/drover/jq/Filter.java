package dev.drover.jq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.drover.ledger.NoSuchColumnException;
import dev.drover.route.Nearest;
import dev.drover.rows.SourceRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.javacc.ExpressionParser;
import org.apache.camel.util.function.ThrowingFunction;
import org.jspecify.annotations.Nullable;

/** A jq expression that computes exactly. It converts the value of a body to a new value. Thread-safe. */
final class Filter {

    private static final Version VERSION = Versions.JQ_1_7;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .nodeFactory(new ExactNumber.Factory())
            .build();

    private static final Scope FUNCTIONS = functions();

    private final String text;
    private final Expression expression;

    private Filter(String text, Expression expression) {
        this.text = text;
        this.expression = expression;
    }

    private static Scope functions() {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().listFunctions(VERSION, scope).forEach((name, function) -> {
            new ExactTree().rewrite(function);
            scope.addFunction(name, function);
        });
        scope.addFunction("tonumber/0", of(in -> in.isNumber() ? in : ExactNumber.parsed(in.asText())));
        scope.addFunction("fromjson/0", of(in -> JSON.readTree(in.asText())));
        return scope;
    }

    /** A function that replaces one of the library, which would convert a number to a double. */
    private static Function of(ThrowingFunction<JsonNode, JsonNode, JsonProcessingException> step) {
        return (scope, args, in, path, output, version) -> {
            try {
                output.emit(step.apply(in), null);
            } catch (NumberFormatException e) {
                throw new JsonQueryException("this text is not a number");
            } catch (JsonProcessingException e) {
                throw e instanceof JsonQueryException known ? known : new JsonQueryException(e);
            }
        };
    }

    /**
     * Parses an expression.
     *
     * @throws IllegalArgumentException if it is not a jq expression or calls a function that does not exist
     */
    static Filter of(String text) {
        ExactTree tree = new ExactTree();
        Expression expression;
        try {
            expression = ExpressionParser.compile(text, VERSION);
            tree.rewrite(expression);
        } catch (JsonQueryException e) {
            String reason =
                    e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
            throw new IllegalArgumentException(
                    "is not a jq expression: " + reason.lines().findFirst().orElse("it cannot be parsed"));
        }
        Collection<String> known = FUNCTIONS.getLocalFunctions().keySet();
        tree.unknown(known).ifPresent(name -> {
            throw new IllegalArgumentException("is not a jq expression: there is no function " + name
                    + Nearest.hint(
                            plain(name), known.stream().map(Filter::plain).collect(Collectors.toSet())));
        });
        return new Filter(text, expression);
    }

    private static String plain(String function) {
        return function.replaceFirst("/\\d+$", "");
    }

    /**
     * Evaluates the expression.
     *
     * @param value a value that Jackson can write, or JSON as bytes
     * @return the only result
     * @throws IOException if the evaluation fails, or has no result or several
     */
    @Nullable
    Object apply(@Nullable Object value) throws IOException {
        JsonNode in = JSON.readTree(value instanceof byte[] json ? json : JSON.writeValueAsBytes(value));
        List<JsonNode> results = new ArrayList<>(1);
        JsonNode root = value instanceof SourceRecord row ? new RowNode(in, row.columns()) : in;
        try {
            expression.apply(Scope.newChildScope(FUNCTIONS), root, result -> {
                results.add(result);
                if (results.size() > 1) {
                    throw new JsonQueryException("it gives several results; put [ ] around it for a list");
                }
            });
        } catch (NoSuchColumnException mistake) {
            throw mistake;
        } catch (RuntimeException e) {
            throw new JsonQueryException(e.getMessage(), e);
        }
        if (results.isEmpty()) {
            throw new JsonQueryException("it gives no result; leave records out by a filter step");
        }
        return valueOf(results.get(0));
    }

    private static @Nullable Object valueOf(JsonNode node) throws JsonQueryException {
        if (node.isObject()) {
            Shape shape = new Shape();
            for (var field : node.properties()) {
                shape.put(field.getKey(), valueOf(field.getValue()));
            }
            return shape;
        } else if (node.isArray()) {
            List<@Nullable Object> elements = new ArrayList<>(node.size());
            for (JsonNode element : node) {
                elements.add(valueOf(element));
            }
            return elements;
        } else if (node instanceof DoubleNode computed) {
            return computed(computed.doubleValue());
        } else if (node.isNumber()) {
            return node.numberValue();
        }
        return node.isBoolean() ? node.booleanValue() : node instanceof NullNode ? null : node.textValue();
    }

    /** The result of a function such as {@code floor}. */
    private static Number computed(double number) throws JsonQueryException {
        if (!Double.isFinite(number)) {
            throw new JsonQueryException("it gives a number that JSON does not have");
        }
        BigDecimal exact = BigDecimal.valueOf(number);
        return number == Math.rint(number) ? exact.setScale(0) : exact;
    }

    @Override
    public String toString() {
        return text;
    }
}
