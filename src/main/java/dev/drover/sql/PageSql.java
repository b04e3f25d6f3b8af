package dev.drover.sql;

import static dev.drover.config.Doubt.doubt;

import dev.drover.config.Doubt;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import org.jspecify.annotations.Nullable;

/**
 * The parsed SQL of a read step: the table that it reads, and whether it reads the page after the cursor in key order.
 * Comments and text literals do not count. Immutable.
 */
public final class PageSql {

    private static final Pattern ELSEWHERE = Pattern.compile("^(resource|classpath|file|ref|bean|https?):.*");

    private final List<String> key;
    private final boolean elsewhere;
    private final SqlParameters parameters;
    private final @Nullable Select select;
    private final @Nullable PlainSelect plain;
    private final boolean readsNothing;
    private final List<Expression> conditions = new ArrayList<>();

    /**
     * Parses the SQL.
     *
     * @param query the SQL with parameters of Camel, such as {@code :#${variable.after}}
     * @param key the key columns of the pipeline
     */
    public PageSql(String query, List<String> key) {
        this.key = List.copyOf(key);
        this.elsewhere = ELSEWHERE.matcher(query).matches();
        this.parameters = SqlParameters.of(query);
        Statement statement = parsed(parameters.sql());
        this.readsNothing = statement != null && !(statement instanceof Select);
        this.select = statement instanceof Select read ? inner(read) : null;
        this.plain = select instanceof PlainSelect one ? one : null;
        if (plain != null) {
            split(plain.getWhere());
        }
    }

    private static @Nullable Statement parsed(String sql) {
        try {
            return CCJSqlParserUtil.parse(sql);
        } catch (JSQLParserException | RuntimeException e) {
            return null; // the database may understand it
        }
    }

    private static Select inner(Select read) {
        Select inner = read;
        while (inner instanceof ParenthesedSelect around && around.getAlias() == null && around.getLimit() == null) {
            inner = around.getSelect();
        }
        return inner;
    }

    private void split(@Nullable Expression where) {
        if (where == null) {
            return;
        }
        Expression condition = KeyCondition.unwrapped(where);
        if (condition instanceof AndExpression and) {
            split(and.getLeftExpression());
            split(and.getRightExpression());
        } else {
            conditions.add(condition);
        }
    }

    /** The key columns of the pipeline. */
    List<String> key() {
        return key;
    }

    /** Whether the text is the location of the SQL, not the SQL itself. */
    boolean isElsewhere() {
        return elsewhere;
    }

    /** Whether it reads ONLY a table, without the tables that inherit from it. */
    boolean readsOnly() {
        return plain != null && plain.isUsingOnly();
    }

    /** Whether the SQL was understood, so that the answers of the other methods are proven. */
    public boolean isUnderstood() {
        boolean nested = plain == null
                || !(plain.getFromItem() instanceof Table)
                || plain.getWithItemsList() != null
                || joins().stream().anyMatch(join -> !(join.getFromItem() instanceof Table));
        return !nested;
    }

    /** Whether it only writes, and so does not read the page. */
    boolean readsNothing() {
        return readsNothing;
    }

    /** Whether it skips rows that other transactions have locked. */
    boolean skipsLocked() {
        return plain != null && plain.isSkipLocked();
    }

    /** Whether it reads a random sample of a table. */
    boolean readsSample() {
        return plain != null
                && (isSampled(plain.getFromItem()) || joins().stream().anyMatch(join -> isSampled(join.getFromItem())));
    }

    private static boolean isSampled(@Nullable FromItem from) {
        return from instanceof Table table && table.getSampleClause() != null;
    }

    /** Text with a {@code #} that Camel would turn into a parameter; empty if there is none. */
    public String strayMark() {
        return parameters.strayMark();
    }

    boolean asksFor(String variable) {
        return parameters.asksFor(variable);
    }

    /** The name of the only table in the SQL; empty if the SQL reads more, groups, or computes the key. */
    public Optional<String> table() {
        return key.stream().allMatch(part -> columnOf(part).isPresent()) ? onlyTable() : Optional.empty();
    }

    /** The one table that it reads, also if it makes the key itself; empty if it reads more, or groups. */
    public Optional<String> onlyTable() {
        boolean one = isUnderstood()
                && plain != null
                && joins().isEmpty()
                && plain.getDistinct() == null
                && plain.getGroupBy() == null
                && plain.getHaving() == null;
        return one && plain != null && plain.getFromItem() instanceof Table table
                ? Optional.of(table.getFullyQualifiedName())
                : Optional.empty();
    }

    /**
     * Whether it returns each row of a table at most once: it reads no other table and calls no function that could
     * multiply rows.
     */
    public boolean returnsEachOnce(String table) {
        boolean[] calls = {false};
        ExpressionVisitorAdapter<Void> finder = new ExpressionVisitorAdapter<>() {
            @Override
            public <S> Void visit(Function function, S context) {
                calls[0] = true;
                return null;
            }
        };
        items().forEach(item -> item.getExpression().accept(finder, null));
        return !calls[0] && table().filter(table::equalsIgnoreCase).isPresent();
    }

    /** Whether the page has all key columns, as columns or as expressions. */
    boolean hasKey() {
        return key.stream().allMatch(part -> !selected(part).isEmpty() || selectsAll());
    }

    /** The column of the table that the page selects under the name of a key column; empty if it is an expression. */
    public Optional<String> columnOf(String part) {
        List<Expression> selected = selected(part);
        if (selected.isEmpty()) {
            return selectsAll() ? Optional.of(part) : Optional.empty();
        }
        return selected.size() == 1 && selected.get(0) instanceof Column column
                ? Optional.of(Names.unquoted(column.getColumnName()))
                : Optional.empty(); // of two columns with one name the driver chooses one
    }

    /** The column of {@link #columnOf} with its table, if the SQL names the table. */
    private Column keyColumn(String part) {
        List<Expression> selected = selected(part);
        if (selected.size() == 1 && selected.get(0) instanceof Column column) {
            return column;
        }
        List<Table> all = new ArrayList<>();
        for (SelectItem<?> item : items()) {
            if (item.getExpression() instanceof AllTableColumns of) {
                all.add(of.getTable());
            } else if (item.getExpression() instanceof AllColumns) {
                return new Column(part);
            }
        }
        return all.size() == 1 ? new Column(all.get(0), part) : new Column(part);
    }

    private List<Column> keyColumns() {
        return key.stream().map(this::keyColumn).toList();
    }

    private List<Join> joins() {
        return plain == null || plain.getJoins() == null ? List.of() : plain.getJoins();
    }

    /** Whether tables are joined by column names. */
    private boolean isMerged() {
        return joins().stream()
                .anyMatch(join -> join.isNatural() || !join.getUsingColumns().isEmpty());
    }

    private List<Expression> selected(String name) {
        return items().stream()
                .filter(item -> nameOf(item).equalsIgnoreCase(name))
                .<Expression>map(SelectItem::getExpression)
                .toList();
    }

    private static String nameOf(SelectItem<?> item) {
        if (item.getAliasName() != null) {
            return Names.unquoted(item.getAliasName());
        }
        return item.getExpression() instanceof Column column ? Names.unquoted(column.getColumnName()) : "";
    }

    private boolean selectsAll() {
        return items().stream()
                .map(SelectItem::getExpression)
                .anyMatch(selected -> selected instanceof AllColumns || selected instanceof AllTableColumns);
    }

    private List<SelectItem<?>> items() {
        return plain == null ? List.of() : plain.getSelectItems();
    }

    /** The columns that the conditions require to be NOT NULL. */
    public Set<String> neverNull() {
        Set<String> columns = new LinkedHashSet<>();
        for (Expression condition : conditions) {
            if (condition instanceof IsNullExpression isNull
                    && isNull.isNot()
                    && isNull.getLeftExpression() instanceof Column column
                    && !isOfAnotherTable(column)) {
                columns.add(Names.unquoted(column.getColumnName()));
            }
        }
        return columns;
    }

    /** Whether the column has the name of a key column but belongs to another table. */
    private boolean isOfAnotherTable(Column column) {
        String name = Names.unquoted(column.getColumnName());
        return keyColumns().stream()
                .anyMatch(part -> Names.unquoted(part.getColumnName()).equalsIgnoreCase(name)
                        && !KeyCondition.isSame(part, column, isMerged()));
    }

    /** The columns other than the key, and the joined tables, that decide whether a row is read. */
    Set<String> conditionColumns() {
        Set<String> columns = new LinkedHashSet<>();
        ExpressionVisitorAdapter<Void> collector = new ExpressionVisitorAdapter<>() {
            @Override
            public <S> Void visit(Column column, S context) {
                columns.add(Names.unquoted(column.getColumnName()));
                return null;
            }
        };
        conditions.forEach(condition -> condition.accept(collector, null));
        List<String> partners = new ArrayList<>();
        for (Join join : joins()) {
            if (!join.isLeft()) {
                join.getOnExpressions().forEach(on -> on.accept(collector, null));
                join.getUsingColumns().forEach(using -> using.accept(collector, null));
                partners.add("the rows of "
                        + (join.getFromItem() instanceof Table table ? table.getName() : join.getFromItem()));
            }
        }
        if (plain != null && plain.getHaving() != null) {
            plain.getHaving().accept(collector, null);
        }
        columns.removeIf(column -> tableKey().stream().anyMatch(column::equalsIgnoreCase));
        columns.addAll(partners);
        return columns;
    }

    /** Whether it reads only rows of transactions that are older than the oldest open one. */
    public boolean staysBelowOpenTransactions() {
        return conditions.stream()
                .anyMatch(condition -> condition instanceof MinorThan below
                        && below.getLeftExpression() instanceof Column column
                        && KeyCondition.isSame(keyColumn(key.get(0)), column, isMerged())
                        && below.getRightExpression().toString().equalsIgnoreCase(KeysetQuery.BELOW_OPEN_TRANSACTIONS));
    }

    /** Whether it reads up to and including the bound of the page. */
    public boolean isBounded() {
        return matches(PageRequest.UP_TO, relation -> relation <= 0);
    }

    /** Whether it reads exactly the rows after the cursor. */
    boolean isAfterCursor() {
        return matches(PageRequest.AFTER, relation -> relation > 0);
    }

    /** Why it would read no row without a cursor; empty if it needs none. */
    public Optional<Doubt> withoutBeginning() {
        return asksFor(PageRequest.AFTER)
                ? doubt(
                        "is not set, and the SQL compares with a cursor: without one no row would be read",
                        "set it to a key below the first, or name the table instead of the step, which is read from its"
                                + " first row")
                : Optional.empty();
    }

    private List<String> tableKey() {
        return key.stream().map(part -> columnOf(part).orElse(part)).toList();
    }

    /** Tries every way in which a row can compare to the cursor. */
    private boolean matches(String variable, Predicate<Integer> wanted) {
        List<Expression> of =
                conditions.stream().filter(each -> asks(each, variable)).toList();
        KeyCondition condition = new KeyCondition(keyColumns(), isMerged(), key, parameters, variable);
        int ways = (int) Math.pow(3, key.size());
        for (int way = 0; way < ways; way++) {
            int[] relations = new int[key.size()];
            int first = 0;
            for (int part = 0, rest = way; part < relations.length; part++, rest /= 3) {
                relations[part] = rest % 3 - 1;
                first = first == 0 ? relations[part] : first;
            }
            boolean expected = wanted.test(first);
            if (!of.stream()
                    .map(each -> condition.holds(each, relations))
                    .reduce(Optional.of(true), (all, each) -> all.flatMap(a -> each.map(b -> a && b)))
                    .equals(Optional.of(expected))) {
                return false;
            }
        }
        return !of.isEmpty();
    }

    private boolean asks(Expression expression, String variable) {
        boolean[] found = {false};
        expression.accept(
                new ExpressionVisitorAdapter<Void>() {
                    @Override
                    public <S> Void visit(JdbcNamedParameter parameter, S context) {
                        found[0] |= isOf(parameter, variable);
                        return null;
                    }
                },
                null);
        return found[0];
    }

    private boolean isOf(@Nullable Expression expression, String variable) {
        return expression instanceof JdbcNamedParameter named
                && parameters
                        .named(named.getName())
                        .filter(asked -> asked.variable().equals(variable))
                        .isPresent();
    }

    boolean isInKeyOrder() {
        List<OrderByElement> order = plain == null ? null : plain.getOrderByElements();
        if (order == null || order.size() < key.size()) {
            return false;
        }
        List<Column> columns = keyColumns();
        for (int part = 0; part < key.size(); part++) {
            OrderByElement element = order.get(part);
            if (!element.isAsc() || !isColumn(element.getExpression(), columns.get(part), key.get(part))) {
                return false;
            }
        }
        return true;
    }

    private boolean isColumn(Expression expression, Column column, String alias) {
        Expression inner = KeyCondition.unwrapped(expression);
        if (inner instanceof LongValue place && plain != null) {
            long at = place.getValue();
            return at >= 1
                    && at <= plain.getSelectItems().size()
                    && plain.getSelectItem((int) at - 1).getExpression() instanceof Column named
                    && KeyCondition.isSame(column, named, isMerged());
        }
        if (!(inner instanceof Column named)) {
            return false;
        }
        String name = Names.unquoted(named.getColumnName());
        boolean same = KeyCondition.isSame(column, named, isMerged());
        return named.getTable() == null
                ? name.equalsIgnoreCase(alias) || (same && !isOther(name, Names.unquoted(column.getColumnName())))
                : same;
    }

    /** Whether the page gives this name to another expression, which ORDER BY prefers. */
    private boolean isOther(String name, String column) {
        return !selected(name).isEmpty()
                && columnOf(name).filter(column::equalsIgnoreCase).isEmpty();
    }

    /** Whether it reads as many rows as the page size, without an offset. */
    boolean isOfPageSize() {
        if (plain == null || plain.getOffset() != null) {
            return false;
        }
        if (plain.getLimit() != null) {
            return plain.getLimit().getOffset() == null && isOf(plain.getLimit().getRowCount(), PageRequest.PAGE_SIZE);
        }
        if (plain.getFetch() != null) {
            boolean isShare = plain.getFetch().getFetchParameters().stream()
                    .anyMatch(word -> word.toUpperCase(Locale.ROOT).contains("PERCENT"));
            return !isShare && isOf(plain.getFetch().getExpression(), PageRequest.PAGE_SIZE);
        }
        return plain.getTop() != null
                && !plain.getTop().isPercentage()
                && isOf(plain.getTop().getExpression(), PageRequest.PAGE_SIZE);
    }
}
