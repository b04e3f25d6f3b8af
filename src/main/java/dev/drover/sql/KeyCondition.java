package dev.drover.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.schema.Column;

/**
 * Evaluates a condition on the key: one comparison, a comparison of rows, or one comparison for each column. The caller
 * tries every way in which the columns of a row can compare to those of a cursor.
 *
 * @param key the key columns of the table, in order, with their table if the SQL names it
 * @param merged whether tables are joined by column names, so that a name without its table belongs to neither
 * @param names the names of the key columns in the cursor, in order
 * @param parameters the parameters of the SQL
 * @param variable the variable with the cursor
 */
record KeyCondition(List<Column> key, boolean merged, List<String> names, SqlParameters parameters, String variable) {

    /** Whether both names are of the same column. */
    static boolean isSame(Column one, Column other, boolean merged) {
        boolean named = Names.unquoted(one.getColumnName()).equalsIgnoreCase(Names.unquoted(other.getColumnName()));
        if (one.getTable() == null || other.getTable() == null) {
            return named && (!merged || one.getTable() == other.getTable());
        }
        return named
                && Names.unquoted(one.getTable().getName())
                        .equalsIgnoreCase(Names.unquoted(other.getTable().getName()));
    }

    /**
     * Whether the condition holds if the columns compare in this way to those of the cursor.
     *
     * @param relations less than 0, 0 or more than 0 for each column
     * @return empty if the condition is about anything else
     */
    Optional<Boolean> holds(Expression condition, int[] relations) {
        Expression inner = unwrapped(condition);
        if (inner instanceof AndExpression and) {
            return both(holds(and.getLeftExpression(), relations), holds(and.getRightExpression(), relations), true);
        }
        if (inner instanceof OrExpression or) {
            return both(holds(or.getLeftExpression(), relations), holds(or.getRightExpression(), relations), false);
        }
        if (inner instanceof NotExpression not) {
            return holds(not.getExpression(), relations).map(held -> !held);
        }
        return inner instanceof ComparisonOperator comparison ? compared(comparison, relations) : Optional.empty();
    }

    private static Optional<Boolean> both(Optional<Boolean> one, Optional<Boolean> other, boolean and) {
        return one.flatMap(first -> other.map(second -> and ? first && second : first || second));
    }

    private Optional<Boolean> compared(ComparisonOperator comparison, int[] relations) {
        List<Expression> left = row(comparison.getLeftExpression());
        List<Expression> right = row(comparison.getRightExpression());
        boolean turned = part(left.get(0), false) >= 0;
        List<Expression> columns = turned ? right : left;
        List<Expression> cursor = turned ? left : right;
        if (columns.size() != cursor.size()) {
            return Optional.empty();
        }
        int relation = 0;
        for (int i = 0; i < columns.size(); i++) {
            int column = part(columns.get(i), true);
            if (column < 0 || part(cursor.get(i), false) != column) {
                return Optional.empty();
            }
            relation = relation == 0 ? relations[column] : relation;
        }
        int seen = turned ? -relation : relation;
        return switch (comparison.getStringExpression()) {
            case ">" -> Optional.of(seen > 0);
            case ">=" -> Optional.of(seen >= 0);
            case "<" -> Optional.of(seen < 0);
            case "<=" -> Optional.of(seen <= 0);
            case "=" -> Optional.of(seen == 0);
            case "<>", "!=" -> Optional.of(seen != 0);
            default -> Optional.empty();
        };
    }

    /** The part of the key that an expression is, as a column or as a value of the cursor; -1 for anything else. */
    private int part(Expression expression, boolean column) {
        if (column) {
            return unwrapped(expression) instanceof Column named
                    ? IntStream.range(0, key.size())
                            .filter(part -> isSame(key.get(part), named, merged))
                            .findFirst()
                            .orElse(-1)
                    : -1;
        }
        return parameter(expression)
                .filter(asked -> asked.variable().equals(variable))
                .map(asked -> asked.column().isEmpty() ? (names.size() == 1 ? 0 : -1) : indexOf(names, asked.column()))
                .orElse(-1);
    }

    private static int indexOf(List<String> names, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private Optional<SqlParameters.Parameter> parameter(Expression expression) {
        return unwrapped(expression) instanceof JdbcNamedParameter named
                ? parameters.named(named.getName())
                : Optional.empty();
    }

    private static List<Expression> row(Expression expression) {
        Expression inner = unwrapped(expression);
        if (inner instanceof Function row && row.getName().equalsIgnoreCase("row") && row.getParameters() != null) {
            return new ArrayList<>(row.getParameters());
        }
        if (inner instanceof ExpressionList<?> list) {
            return new ArrayList<>(list);
        }
        return List.of(inner);
    }

    /** Removes parentheses around a single expression. */
    static Expression unwrapped(Expression expression) {
        Expression inner = expression;
        while (inner instanceof ExpressionList<?> list && list.size() == 1) {
            inner = (Expression) list.get(0);
        }
        return inner;
    }
}
