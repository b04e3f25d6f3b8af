package dev.drover.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.drover.Sql;
import dev.drover.ledger.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageIteratorTest {

    private final DataSource database = Sql.newH2();

    @BeforeEach
    void fill() throws Exception {
        Sql.run(
                database,
                "CREATE TABLE orders (id bigint PRIMARY KEY)",
                "INSERT INTO orders SELECT * FROM system_range(1, 10)");
    }

    private PageIterator.Builder orders() {
        return PageIterator.of(database).table("orders").key("id").pageSize(4);
    }

    private static List<Object> ids(List<SourceRecord> page) {
        return page.stream().map(row -> row.value("id")).toList();
    }

    @Test
    void shouldGiveEveryPageOnceWhenReadToTheEnd() {
        // Given
        List<List<Object>> pages = new ArrayList<>();

        // When
        try (PageIterator iterator = orders().iterator()) {
            while (iterator.hasNext() && pages.size() < 10) {
                pages.add(ids(iterator.next()));
            }
        }

        // Then
        assertThat(pages).containsExactly(List.of(1L, 2L, 3L, 4L), List.of(5L, 6L, 7L, 8L), List.of(9L, 10L));
    }

    @Test
    void shouldEndWithoutAnEmptyPageWhenThePageSizeDivides() {
        // Given
        PageIterator iterator = orders().pageSize(5).iterator();

        // When
        iterator.next();
        iterator.next();

        // Then
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void shouldResumeAfterThePageGivenLastWhenClosedWithAPageReadAhead() {
        // Given
        PageIterator stopped = orders().iterator();
        stopped.next();
        boolean readAhead = stopped.hasNext();

        // When
        stopped.close();
        List<SourceRecord> resumed =
                orders().startAfter(stopped.cursor()).iterator().next();

        // Then
        assertThat(readAhead).isTrue();
        assertThat(stopped.hasNext()).isFalse();
        assertThatThrownBy(stopped::next).isInstanceOf(NoSuchElementException.class);
        assertThat(stopped.cursor()).isEqualTo(new Cursor(List.of("id"), List.of(4L)));
        assertThat(ids(resumed)).containsExactly(5L, 6L, 7L, 8L);
    }

    @Test
    void shouldHoldNoConnectionWhenBetweenPages() {
        // Given
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSource(database);
            pool.setMaximumPoolSize(1);
            pool.setConnectionTimeout(1000);
            PageIterator first =
                    PageIterator.of(pool).table("orders").key("id").pageSize(4).iterator();
            PageIterator second =
                    PageIterator.of(pool).table("orders").key("id").pageSize(4).iterator();

            // When
            List<Object> both = new ArrayList<>(ids(first.next()));
            both.addAll(ids(second.next()));

            // Then
            assertThat(both).hasSize(8);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void shouldReadThePageAgainWhenTheDatabaseHadFailed() throws Exception {
        // Given
        PageIterator iterator = orders().iterator();
        iterator.next();
        Sql.run(database, "ALTER TABLE orders RENAME TO away");
        assertThatThrownBy(iterator::next).isInstanceOf(PageReadException.class).hasMessageContaining("orders");
        Sql.run(database, "ALTER TABLE away RENAME TO orders");

        // When
        List<SourceRecord> page = iterator.next();

        // Then
        assertThat(ids(page)).containsExactly(5L, 6L, 7L, 8L);
    }

    @Test
    void shouldRefuseToStartWhenTheTableIsMissing() {
        // Then
        assertThatThrownBy(() -> PageIterator.of(database).key("id").iterator())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
