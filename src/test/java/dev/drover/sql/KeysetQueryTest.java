package dev.drover.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.config.Consistency;
import dev.drover.ledger.Cursor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysetQueryTest {

    private static String nextPage(Dialect dialect, String... key) {
        Cursor after = new Cursor(List.of(key.length == 0 ? "none" : key[0]), List.of(1));
        return new KeysetQuery(dialect, "sales.Orders", List.of(), List.of(key), Consistency.STATIC)
                .sql(PageRequest.after(after, 10));
    }

    @Test
    void shouldWriteEachEnginesOwnSqlWhenTheKeyIsOneColumn() {
        // Then
        assertThat(nextPage(Dialect.H2, "id"))
                .isEqualTo("SELECT * FROM sales.\"Orders\" WHERE id > ? ORDER BY id LIMIT ?");
        assertThat(nextPage(Dialect.POSTGRESQL, "ID"))
                .isEqualTo("SELECT * FROM \"sales\".\"Orders\" WHERE \"id\" > ? ORDER BY \"id\" LIMIT ?");
        assertThat(nextPage(Dialect.MARIADB, "id"))
                .isEqualTo("SELECT * FROM `sales`.`Orders` WHERE `id` > ? ORDER BY `id` LIMIT ?");
        assertThat(nextPage(Dialect.STANDARD, "id"))
                .isEqualTo("SELECT * FROM sales.\"Orders\" WHERE id > ? ORDER BY id FETCH FIRST ? ROWS ONLY");
    }

    @Test
    void shouldCompareRowValuesOnlyWhereTheyUseTheIndexWhenTheKeyIsSeveralColumns() {
        // Then
        assertThat(nextPage(Dialect.POSTGRESQL, "a", "b", "c"))
                .contains(" WHERE (\"a\", \"b\", \"c\") > (?, ?, ?) ORDER BY \"a\", \"b\", \"c\" ");
        assertThat(nextPage(Dialect.MARIADB, "a", "b", "c"))
                .contains(" WHERE `a` >= ? AND (`a` > ? OR (`a` = ? AND (`b` > ? OR (`b` = ? AND `c` > ?)))) ORDER");
    }

    @Test
    void shouldReadFromTheStartWhenItIsTheFirstPage() {
        // When
        String sql = new KeysetQuery(Dialect.H2, "orders", List.of("id", "amount"), List.of("id"), Consistency.STATIC)
                .sql(PageRequest.after(null, 10));

        // Then
        assertThat(sql).isEqualTo("SELECT id, amount FROM orders ORDER BY id LIMIT ?");
    }

    @Test
    void shouldEndAtTheBoundWhenThereIsOne() {
        // Given
        Cursor one = new Cursor(List.of("id"), List.of(1));
        PageRequest bounded = new PageRequest(one, one, 10);

        // Then
        assertThat(new KeysetQuery(Dialect.H2, "orders", List.of(), List.of("id"), Consistency.LOCK).sql(bounded))
                .contains(" WHERE id > ? AND id <= ? ORDER");
        assertThat(new KeysetQuery(Dialect.POSTGRESQL, "o", List.of(), List.of("a", "b"), Consistency.LOCK)
                        .sql(bounded))
                .contains("(\"a\", \"b\") <= (?, ?) ORDER");
        assertThat(new KeysetQuery(Dialect.MARIADB, "o", List.of(), List.of("a", "b"), Consistency.LOCK).sql(bounded))
                .contains("AND `a` <= ? AND (`a` < ? OR (`a` = ? AND `b` <= ?)) ORDER");
    }

    @Test
    void shouldStayBelowOpenTransactionsWhenTheKeyBeginsWithOne() {
        // When
        String sql = new KeysetQuery(Dialect.POSTGRESQL, "o", List.of(), List.of("xid", "id"), Consistency.XID)
                .sql(PageRequest.after(null, 10));

        // Then
        assertThat(sql).contains(" WHERE \"xid\" < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY");
    }

    @Test
    void shouldDoubleQuotesWhenANameHoldsThem() {
        // Then
        assertThat(Dialect.H2.quote("a\" OR 1=1 --")).isEqualTo("\"a\"\" OR 1=1 --\"");
        assertThat(Dialect.MARIADB.quote("a`b")).isEqualTo("`a``b`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a.", ".a", "a..b", "a\nb", "a\u0000"})
    void shouldRefuseWhenANameIsNone(String identifier) {
        // Then
        assertThatThrownBy(() -> Dialect.POSTGRESQL.quote(identifier)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseWhenTheKeyIsMissing() {
        // Then
        assertThatThrownBy(() -> nextPage(Dialect.H2)).hasMessage("key: name at least one column");
        assertThatThrownBy(() ->
                        new KeysetQuery(Dialect.H2, "orders", List.of("amount"), List.of("id"), Consistency.STATIC))
                .hasMessage("columns: the key column id must be among them");
    }
}
