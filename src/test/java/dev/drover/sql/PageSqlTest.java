package dev.drover.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SQL of a read step is judged by what it says, not by the words in it. */
class PageSqlTest {

    private static final String AFTER = "id > :#${variable.after}";
    private static final String TAIL = " ORDER BY id LIMIT :#${variable.pageSize}";
    private static final List<String> ID = List.of("id");
    private static final List<String> TWO = List.of("tenant", "id");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM orders WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize}",
                "select o.id, name from sales.orders o where :#${variable.after} < o.id order by o.id asc fetch first :#${variable.pageSize} rows only",
                "SELECT * FROM orders WHERE (id > :#${variable.after}) AND id <= :#${variable.upTo} AND status = 'x' ORDER BY id, name LIMIT :#${variable.pageSize} FOR UPDATE",
                "SELECT order_no AS id FROM orders WHERE order_no > :#${variable.after} ORDER BY 1 LIMIT :#${variable.pageSize}",
                "SELECT order_no AS id, id AS order_no FROM orders WHERE order_no > :#${variable.after} ORDER BY orders.order_no LIMIT :#${variable.pageSize}",
                "SELECT * FROM orders WHERE id > :#${variable.after} AND id < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY id LIMIT :#${variable.pageSize}",
                "SELECT id, doc ->> 'a' AS a FROM orders WHERE id > :#after ORDER BY id LIMIT :#pageSize",
                "SELECT TOP (:#${variable.pageSize}) * FROM orders WHERE id > :#${variable.after} ORDER BY id",
                "SELECT * FROM orders /* id >= 1 ORDER BY name */ WHERE id > :#${variable.after} -- AND id < :#${variable.upTo}\n ORDER BY id LIMIT :#${variable.pageSize}",
                "SELECT o.*, i.name FROM orders o LEFT JOIN items i ON i.ref = o.id AND i.at > now() - interval '1 day' WHERE o.id > :#${variable.after} ORDER BY o.id LIMIT :#${variable.pageSize}",
                "SELECT o.id, i.name FROM orders o JOIN items i ON i.order_id = o.id WHERE O.ID > :#${variable.after} ORDER BY o.id LIMIT :#${variable.pageSize}",
                "SELECT id, name FROM orders JOIN items USING (id) WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize}"
            })
    void shouldFindNothingWrongWhenThePageIsReadByTheKey(String query) {
        assertThat(wrong(query, ID)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(tenant, id) > (:#${variable.after[tenant]}, :#${variable.after[id]})",
                "tenant > :#${variable.after[tenant]} OR tenant = :#${variable.after[tenant]} AND id > :#${variable.after[id]}",
                "tenant >= :#${variable.after[tenant]} AND (tenant > :#${variable.after[tenant]} OR (tenant = :#${variable.after[tenant]} AND id > :#${variable.after[id]}))",
                "NOT (tenant, id) <= (:#${variable.after[tenant]}, :#${variable.after[id]})",
                "ROW(tenant, id) > ROW(:#${variable.after['tenant']}, :#${variable.after['id']})"
            })
    void shouldFindNothingWrongWhenTheConditionIsOnEveryColumn(String condition) {
        assertThat(wrong(
                        "SELECT * FROM orders WHERE (" + condition
                                + ") ORDER BY tenant, id LIMIT :#${variable.pageSize}",
                        TWO))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(tenant, id) >= (:#${variable.after[tenant]}, :#${variable.after[id]})",
                "(tenant, id) > (:#${variable.after[id]}, :#${variable.after[tenant]})",
                "(id, tenant) > (:#${variable.after[id]}, :#${variable.after[tenant]})",
                "tenant > :#${variable.after[tenant]} AND id > :#${variable.after[id]}",
                "tenant >= :#${variable.after[tenant]} AND id > :#${variable.after[id]}",
                "tenant > :#${variable.after[tenant]} OR id > :#${variable.after[id]}",
                "tenant > :#${variable.after[tenant]}"
            })
    void shouldFindTheConditionWhenItPassesRowsOfACompositeKey(String condition) {
        assertThat(wrong(
                        "SELECT * FROM orders WHERE (" + condition
                                + ") ORDER BY tenant, id LIMIT :#${variable.pageSize}",
                        TWO))
                .hasValueSatisfying(message -> assertThat(message)
                        .contains("(tenant, id) > (:#${variable.after[tenant]}, :#${variable.after[id]})"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    SELECT * FROM t WHERE id >= :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT * FROM t WHERE id < :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT * FROM t WHERE id > :#${variable.after} OR old ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT * FROM t WHERE id + 1 > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT * FROM t WHERE id BETWEEN :#${variable.after} AND 9 ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT * FROM t WHERE name > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT * FROM t WHERE note = 'id > :#${variable.after}' ORDER BY id LIMIT :#${variable.pageSize} | needs the cursor
                    SELECT * FROM t WHERE id > 5 /* :#${variable.after} */ ORDER BY id LIMIT :#${variable.pageSize} | needs the cursor
                    SELECT * FROM t WHERE id > :#${variable.after} AND id < :#${variable.upTo} ORDER BY id LIMIT :#${variable.pageSize} | id <= :#${variable.upTo}
                    SELECT * FROM t WHERE id > :#${variable.after} AND id <= :#${variable.upTo} + 1 ORDER BY id LIMIT :#${variable.pageSize} | id <= :#${variable.upTo}
                    SELECT * FROM t WHERE id > :#${variable.after} ORDER BY at LIMIT :#${variable.pageSize} | needs ORDER BY id
                    SELECT * FROM t WHERE id > :#${variable.after} ORDER BY id DESC LIMIT :#${variable.pageSize} | needs ORDER BY id
                    SELECT * FROM t WHERE id > :#${variable.after} ORDER BY id::text LIMIT :#${variable.pageSize} | needs ORDER BY id
                    SELECT * FROM t WHERE id > :#${variable.after} LIMIT :#${variable.pageSize} -- ORDER BY id | needs ORDER BY id
                    SELECT id, -x AS id FROM t WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must select the key column id itself
                    SELECT *, NULLIF(id, 13) AS id FROM t WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must select the key column id itself
                    SELECT id::text AS id FROM t WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must select the key column id itself
                    SELECT o.id FROM o JOIN i ON i.ref = o.id WHERE i.id > :#${variable.after} ORDER BY o.id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT o.*, i.ref FROM o JOIN i ON i.ref = o.id WHERE i.id > :#${variable.after} ORDER BY o.id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT o.id FROM o JOIN i ON i.ref = o.id WHERE o.id > :#${variable.after} AND i.id <= :#${variable.upTo} ORDER BY o.id LIMIT :#${variable.pageSize} | id <= :#${variable.upTo}
                    SELECT o.id FROM o JOIN i ON i.ref = o.id WHERE o.id > :#${variable.after} ORDER BY i.id LIMIT :#${variable.pageSize} | needs ORDER BY id
                    SELECT id FROM o LEFT JOIN i USING (id) WHERE i.id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT * FROM ONLY t WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | leave out ONLY
                    classpath:sql/page.sql | must be the SQL itself
                    file:page.sql | must be the SQL itself
                    SELECT * FROM t WHERE id::text > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | must compare the key
                    SELECT n AS id, id AS n FROM t WHERE n > :#${variable.after} ORDER BY n LIMIT :#${variable.pageSize} | needs ORDER BY id
                    SELECT n AS id FROM t WHERE n > :#${variable.after} ORDER BY t.id LIMIT :#${variable.pageSize} | needs ORDER BY id
                    SELECT * FROM t WHERE id > :#${variable.after} ORDER BY id LIMIT 100 | LIMIT :#${variable.pageSize}
                    SELECT * FROM t WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} OFFSET 1 | LIMIT :#${variable.pageSize}
                    SELECT * FROM t WHERE id > :#${variable.after} AND n < :#${variable.pageSize} ORDER BY id | LIMIT :#${variable.pageSize}
                    SELECT * FROM t WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} FOR UPDATE SKIP LOCKED | leave out SKIP LOCKED
                    SELECT t.* FROM t JOIN u ON u.id = t.id WHERE t.id > :#${variable.after} ORDER BY t.id LIMIT :#${variable.pageSize} FOR SHARE OF t SKIP LOCKED | leave out SKIP LOCKED
                    SELECT * FROM t TABLESAMPLE SYSTEM (50) WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | leave out TABLESAMPLE
                    SELECT * FROM t x TABLESAMPLE BERNOULLI (50) WHERE id > :#${variable.after} ORDER BY id LIMIT :#${variable.pageSize} | leave out TABLESAMPLE
                    SELECT t.* FROM t JOIN u TABLESAMPLE SYSTEM (9) ON u.id = t.id WHERE t.id > :#${variable.after} ORDER BY t.id LIMIT :#${variable.pageSize} | leave out TABLESAMPLE
                    """)
    void shouldFindWhatIsWrongWhenRowsWouldBePassedOver(String query, String message) {
        assertThat(wrong(query, ID)).hasValueSatisfying(text -> assertThat(text).contains(message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    SELECT * FROM orders WHERE                                     | orders
                    SELECT o.id FROM sales.orders AS o WHERE                       | sales.orders
                    SELECT "ID" AS id FROM "Sales"."My.Orders" WHERE               | "Sales"."My.Orders"
                    SELECT * FROM orders WHERE x IN (SELECT y FROM other) AND      | orders
                    SELECT * FROM orders WHERE note = 'a JOIN b' AND               | orders
                    SELECT * FROM orders, other WHERE                              | -
                    SELECT * FROM orders JOIN other ON a = b WHERE                 | -
                    SELECT DISTINCT id FROM orders WHERE                           | -
                    SELECT -id AS id FROM orders WHERE                             | -
                    SELECT * FROM (SELECT * FROM orders) o WHERE                   | -
                    WITH o AS (SELECT * FROM orders) SELECT * FROM o WHERE         | -
                    """)
    void shouldTellTheTableWhenItIsTheOnlyOne(String start, String table) {
        Optional<String> expected = table.equals("-") ? Optional.empty() : Optional.of(table);
        assertThat(new PageSql(start + " " + AFTER + TAIL, ID).table()).isEqualTo(expected);
    }

    @Test
    void shouldTellWhatARowDependsOnWhenTheConditionIsOnMoreThanTheKey() {
        assertThat(new PageSql("SELECT * FROM t WHERE " + AFTER + " AND status = 'READY' AND NOT deleted" + TAIL, ID)
                        .conditionColumns())
                .containsExactly("status", "deleted");
        assertThat(new PageSql("SELECT * FROM t WHERE " + AFTER + " AND id IS NOT NULL" + TAIL, ID).neverNull())
                .containsExactly("id");
        assertThat(new PageSql(
                                "SELECT o.id FROM o LEFT JOIN i ON i.ref = o.id WHERE o.id > :#${variable.after} AND"
                                        + " i.id IS NOT NULL ORDER BY o.id LIMIT :#${variable.pageSize}",
                                ID)
                        .neverNull())
                .isEmpty();
        assertThat(new PageSql(
                                "SELECT t.id FROM t LEFT JOIN l ON l.a = t.b JOIN u ON u.ref = t.id AND u.open, v WHERE t."
                                        + AFTER + " GROUP BY t.id HAVING SUM(u.paid) > 0" + TAIL,
                                ID)
                        .conditionColumns())
                .containsExactly("ref", "open", "paid", "the rows of u", "the rows of v");
        assertThat(new PageSql("SELECT * FROM t WHERE " + AFTER + TAIL, ID).conditionColumns())
                .isEmpty();
    }

    @Test
    void shouldSayThatItIsUnprovenWhenTheSqlIsNotUnderstood() {
        for (String query : List.of(
                "SELECT * FROM (SELECT * FROM t WHERE " + AFTER + TAIL + ") page ORDER BY id",
                "SELECT * FROM a WHERE " + AFTER + " UNION ALL SELECT * FROM b WHERE " + AFTER + TAIL,
                "SELECT * FROM t WHERE " + AFTER + " SOMETHING OF A VENDOR" + TAIL)) {
            PageCheck check = new PageCheck(new PageSql(query, ID), ID);
            assertThat(check.wrong()).isEmpty();
            assertThat(check.risk())
                    .hasValueSatisfying(text -> assertThat(text.toString()).contains("unproven", "read the view"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id > CAST(:#${variable.after} AS BIGINT)",
                "id > :#${variable.after}::bigint",
                "id > COALESCE(:#${variable.after}, 0)",
                "CAST(id AS TEXT) > :#${variable.after}",
                "(:#${variable.after} IS NULL OR id > :#${variable.after})"
            })
    void shouldRefuseTheConditionWhenItConvertsTheCursorOrReplacesIt(String condition) {
        assertThat(wrong("SELECT * FROM t WHERE " + condition + TAIL, ID))
                .hasValueSatisfying(message -> assertThat(message).contains("without a cast or a default"));
    }

    @Test
    void shouldNeedABeginningWhenTheSqlComparesWithACursor() {
        assertThat(new PageSql("SELECT * FROM t WHERE " + AFTER + TAIL, ID).withoutBeginning())
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    code <> '#N/A'        | '#N/A'
                    "a#b" = 1             | "a#b"
                    doc #>> '{a}' = 'x'   | #>>
                    code <> 'N/A'         | -
                    code <> 1 /* # 5 */   | -
                    code = :#${body}      | -
                    """)
    void shouldFindTheMarkWhenCamelWouldMakeAParameterOfIt(String condition, String mark) {
        assertThat(new PageSql("SELECT * FROM t WHERE " + AFTER + " AND " + condition + TAIL, ID).strayMark())
                .isEqualTo(mark.equals("-") ? "" : mark);
    }

    private static Optional<String> wrong(String query, List<String> key) {
        return new PageCheck(new PageSql(query, key), key).wrong();
    }
}
