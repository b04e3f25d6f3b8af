package dev.drover.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.Sql;
import dev.drover.ledger.Cursor;
import dev.drover.rows.HighestKey;
import dev.drover.sql.PageRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LateRowsTest {

    private static final Duration MEMORY = Duration.ofSeconds(10);

    private final AtomicLong seconds = new AtomicLong();
    private DataSource database;
    private LateRows late;

    @BeforeEach
    void fill() throws SQLException {
        database = Sql.newH2();
        Sql.run(database, "CREATE TABLE orders (id BIGINT PRIMARY KEY)");
        late = new LateRows(
                database, new HighestKey("orders", List.of("id")), MEMORY, null, () -> Duration.ofSeconds(seconds.get())
                        .toNanos());
    }

    @Test
    void shouldFindTheRowsThatAppearedBetweenThoseThatWereRead() throws SQLException {
        // Given
        insert(1, 20);
        late.wasRead(keys(LongStream.rangeClosed(1, 20).filter(id -> id < 5 || id == 8 || id > 11)), false);

        // When
        List<PageRequest> found = late.find(id(20), 2);

        // Then
        assertThat(found)
                .containsExactly(
                        new PageRequest(id(4), id(6), 2),
                        new PageRequest(id(6), id(7), 1),
                        new PageRequest(id(8), id(10), 2),
                        new PageRequest(id(10), id(11), 1));
    }

    @Test
    void shouldFindNothingTwiceWhenLateRowsAreForgottenBeforeThoseBehindThem() throws SQLException {
        // Given
        insert(1, 20);
        late.wasRead(keys(LongStream.rangeClosed(1, 10).filter(id -> id != 5)), false);
        seconds.set(5);
        late.wasRead(keys(LongStream.of(5)), true);
        seconds.set(6);
        late.wasRead(keys(LongStream.rangeClosed(11, 20)), false);

        // When
        seconds.set(15);

        // Then
        assertThat(late.find(id(20), 100)).isEmpty();
    }

    private void insert(int from, int to) throws SQLException {
        Sql.run(database, "INSERT INTO orders SELECT * FROM SYSTEM_RANGE(" + from + ", " + to + ")");
    }

    private static List<Cursor> keys(LongStream ids) {
        return ids.mapToObj(LateRowsTest::id).toList();
    }

    private static Cursor id(long id) {
        return new Cursor(List.of("id"), List.of(id));
    }
}
