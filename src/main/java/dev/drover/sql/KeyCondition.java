package dev.drover.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.schema.Column;
import org.jspecify.annotations.Nullable;

/**
 * What a condition on the key says, in each of its forms: one comparison, a comparison of rows, or column by column. It
 * is tried for every way in which the columns of a row can compare to those of a cursor.
 *
 * @param key the key columns of the table, in order, with the table where the page names it
 * @param merged whether tables are joined by the names of their columns, so that a name without its table is of neither
 * @param names the key columns as the cursor names them, in order
 * @param parameters of the SQL
 * @param variable with the cursor
 */
public record KeyCondition(
        List<Column> key, boolean merged, List<String> names, SqlParameters parameters, String variable) {

    /**
     * A value of the cursor that the SQL converts to another type.
     *
     * @param column of the key, as the cursor names it
     * @param type of the cast; empty for a default
     * @param value a NULL of this type, in SQL
     */
    public record Cast(String column, String type, String value) {}

    /** The casts and defaults of values of the cursor. */
    List<Cast> casts(Expression condition) {
        List<Cast> casts = new ArrayList<>();
        condition.accept(
                new ExpressionVisitorAdapter<Void>() {
                    @Override
                    public <S> Void visit(CastExpression cast, S context) {
                        String type = cast.getColDataType().toString();
                        add(cast, type, "CAST(NULL AS " + type + ")");
                        return super.visit(cast, context);
                    }

                    @Override
                    public <S> Void visit(Function function, S context) {
                        ExpressionList<?> of = function.getParameters();
                        if (of != null
                                && of.size() == 2
                                && unwrapped((Expression) of.get(0)) instanceof JdbcNamedParameter) {
                            add(function, "", "COALESCE(NULL, " + of.get(1) + ")");
                        }
                        return super.visit(function, context);
                    }

                    private void add(Expression of, String type, String value) {
                        int part = part(of, false);
                        if (part >= 0) {
                            casts.add(new Cast(names.get(part), type, value));
                        }
                    }
                },
                null);
        return casts;
    }

    /** Whether both are the same column, as far as their names say. */
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
     * Whether the condition holds if the columns compare so to those of the cursor.
     *
     * @param relations less than 0, 0 or more than 0 for each column; null where there is no cursor
     * @return empty when it is about something else too
     */
    Optional<Boolean> holds(Expression condition, int @Nullable [] relations) {
        Expression inner = unwrapped(condition);
        if (inner instanceof AndExpression and) {
            return both(holds(and.getLeftExpression(), relations), holds(and.getRightExpression(), relations), true);
        }
        if (inner instanceof OrExpression or) {
            return both(holds(or.getLeftExpression(), relations), holds(or.getRightExpression(), relations), false);
        }
        if (inner instanceof NotExpression not) {
            return holds(not.getExpression(), relations).map(held -> !held && relations != null);
        }
        if (inner instanceof IsNullExpression isNull && part(isNull.getLeftExpression(), false) >= 0) {
            return Optional.of((relations == null) != isNull.isNot());
        }
        return inner instanceof ComparisonOperator comparison ? compared(comparison, relations) : Optional.empty();
    }

    private static Optional<Boolean> both(Optional<Boolean> one, Optional<Boolean> other, boolean and) {
        return one.flatMap(first -> other.map(second -> and ? first && second : first || second));
    }

    private Optional<Boolean> compared(ComparisonOperator comparison, int @Nullable [] relations) {
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
            relation = relation == 0 && relations != null ? relations[column] : relation;
        }
        if (relations == null) {
            return Optional.of(cursor.stream().allMatch(value -> inner(value) instanceof Function));
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

    /** Which part of the key a column is, or a value of the cursor; -1 for anything else. */
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

    /** The parameter that an expression is, cast or with a value for where there is none. */
    private Optional<SqlParameters.Parameter> parameter(Expression expression) {
        Expression inner = inner(expression);
        Expression asked = inner instanceof Function function && function.getParameters() != null
                ? inner(function.getParameters().get(0))
                : inner;
        return asked instanceof JdbcNamedParameter named ? parameters.named(named.getName()) : Optional.empty();
    }

    /** A value without its casts. */
    private static Expression inner(Expression expression) {
        Expression inner = unwrapped(expression);
        while (inner instanceof CastExpression cast) {
            inner = unwrapped(cast.getLeftExpression());
        }
        return inner instanceof Function function && !function.getName().matches("(?i)coalesce|ifnull|nvl|isnull")
                ? new NullValue()
                : inner;
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

    /** Without parentheses around a single expression. */
    static Expression unwrapped(Expression expression) {
        Expression inner = expression;
        while (inner instanceof ExpressionList<?> list && list.size() == 1) {
            inner = (Expression) list.get(0);
        }
        return inner;
    }
}
