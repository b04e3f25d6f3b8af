package dev.drover.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.operators.BinaryOperator;
import net.thisptr.jackson.jq.internal.tree.FunctionCall;
import net.thisptr.jackson.jq.internal.tree.FunctionDefinition;
import net.thisptr.jackson.jq.internal.tree.binaryop.assignment.ComplexAssignment;
import net.thisptr.jackson.jq.internal.tree.literal.ValueLiteral;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the operators and numbers in a parsed expression of jackson-jq by exact ones. The library computes and compares
 * with {@code double} and has no extension point for another arithmetic, so this class sets its private fields. Not
 * thread-safe.
 */
final class ExactTree {

    private static final String LIBRARY = "net.thisptr.jackson.jq.internal.";
    private static final String ASSIGNMENTS = ComplexAssignment.class.getPackageName();

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> defined = new HashSet<>();
    private final List<String> called = new ArrayList<>();

    /**
     * Replaces them everywhere below this part of a tree, which no expression uses yet.
     *
     * @throws IllegalArgumentException if it has a number with more digits than the parser keeps
     */
    void rewrite(@Nullable Object part) {
        if (part instanceof Iterable<?> parts) {
            parts.forEach(this::rewrite);
        } else if (part != null && part.getClass().getName().startsWith(LIBRARY) && seen.add(part)) {
            try {
                note(part);
                for (Class<?> type = part.getClass(); type != Object.class; type = type.getSuperclass()) {
                    for (Field field : type.getDeclaredFields()) {
                        if (!Modifier.isStatic(field.getModifiers())) {
                            rewrite(part, field);
                        }
                    }
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("this version of jackson-jq is not known", e);
            }
        }
    }

    private void rewrite(Object part, Field field) throws ReflectiveOperationException {
        field.setAccessible(true);
        Object value = field.get(part);
        rewrite(value);
        if (value instanceof BinaryOperator stock) {
            field.set(part, new Exact(stock));
        } else if (part instanceof ValueLiteral && value instanceof JsonNode literal && literal.isNumber()) {
            field.set(part, literal(literal));
        } else if (part.getClass().getPackageName().equals(ASSIGNMENTS)
                && field.getName().equals("lhs")
                && value instanceof Expression assigned) {
            Expression open = (scope, in, path, output, requirePath) ->
                    assigned.apply(scope, RowNode.open(in), path, output, requirePath);
            field.set(part, open);
        }
    }

    private static JsonNode literal(JsonNode parsed) {
        BigDecimal number = parsed.isDouble() ? BigDecimal.valueOf(parsed.doubleValue()) : parsed.decimalValue();
        if (parsed.isDouble() && number.precision() > ExactNumber.DIGITS) {
            throw new IllegalArgumentException(
                    "a number in it has more than " + ExactNumber.DIGITS + " digits; write it as \"...\" | tonumber");
        }
        return ExactNumber.of(number);
    }

    private void note(Object part) throws ReflectiveOperationException {
        if (part instanceof FunctionCall && text(part, "moduleName").equals("null")) {
            called.add(text(part, "name") + "/" + arguments(part).size());
        } else if (part instanceof FunctionDefinition) {
            defined.add(text(part, "fname") + "/" + arguments(part).size());
            arguments(part).forEach(parameter -> defined.add(parameter + "/0"));
        }
    }

    private static String text(Object part, String name) throws ReflectiveOperationException {
        return String.valueOf(field(part, name));
    }

    private static Collection<?> arguments(Object part) throws ReflectiveOperationException {
        return (Collection<?>) field(part, "args");
    }

    private static Object field(Object part, String name) throws ReflectiveOperationException {
        Field field = part.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(part);
    }

    /** The first called function that is neither defined in the expression nor known. */
    Optional<String> unknown(Collection<String> known) {
        return called.stream()
                .filter(name -> !defined.contains(name)
                        && !known.contains(name)
                        && !known.contains(name.substring(0, name.lastIndexOf('/'))))
                .findFirst();
    }

    /** Computes with two numbers exactly. All other operands are left to the operator of the library. */
    private record Exact(BinaryOperator stock) implements BinaryOperator {

        private static final int MOST_DIGITS = 1000;

        @Override
        public JsonNode apply(ObjectMapper mapper, JsonNode left, JsonNode right) throws JsonQueryException {
            if (!isExact(left) || !isExact(right)) {
                return stock.apply(mapper, left, right);
            }
            BigDecimal a = bounded(left);
            BigDecimal b = bounded(right);
            return switch (image()) {
                case "+" -> ExactNumber.of(a.add(b));
                case "-" -> ExactNumber.of(a.subtract(b));
                case "*" -> ExactNumber.of(a.multiply(b));
                case "/" -> b.signum() == 0 ? stock.apply(mapper, left, right) : ExactNumber.of(quotient(a, b));
                case "%" ->
                    b.toBigInteger().signum() == 0
                            ? stock.apply(mapper, left, right)
                            : ExactNumber.of(new BigDecimal(a.toBigInteger().remainder(b.toBigInteger())));
                case "==" -> BooleanNode.valueOf(a.compareTo(b) == 0);
                case "!=" -> BooleanNode.valueOf(a.compareTo(b) != 0);
                case "<" -> BooleanNode.valueOf(a.compareTo(b) < 0);
                case "<=" -> BooleanNode.valueOf(a.compareTo(b) <= 0);
                case ">" -> BooleanNode.valueOf(a.compareTo(b) > 0);
                case ">=" -> BooleanNode.valueOf(a.compareTo(b) >= 0);
                default -> stock.apply(mapper, left, right);
            };
        }

        /** Exact if the quotient has a finite number of digits, otherwise rounded to 34 digits. */
        private static BigDecimal quotient(BigDecimal a, BigDecimal b) {
            BigDecimal quotient = a.divide(b, MathContext.DECIMAL128).stripTrailingZeros();
            return quotient.scale() < 0 ? quotient.setScale(0) : quotient;
        }

        private static boolean isExact(JsonNode node) {
            return node.isNumber() && !(node.isDouble() && !Double.isFinite(node.doubleValue()));
        }

        /** {@code 1E1000000000 + 1} would take a gigabyte. */
        private static BigDecimal bounded(JsonNode node) throws JsonQueryException {
            BigDecimal number = node.isDouble() ? BigDecimal.valueOf(node.doubleValue()) : node.decimalValue();
            if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
                throw new JsonQueryException(
                        "a number of more than " + MOST_DIGITS + " digits cannot be computed with");
            }
            return number;
        }

        @Override
        public String image() {
            return stock.image();
        }
    }
}
