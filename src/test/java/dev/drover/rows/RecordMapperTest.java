package dev.drover.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.Sql;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

class RecordMapperTest {

    private final DataSource database = Sql.newH2();

    @Test
    void shouldReturnRecordsWhenTheSqlComponentUsesIt() throws Exception {
        // Given
        Sql.run(
                database,
                "CREATE TABLE orders (id bigint, amount numeric(9, 2))",
                "INSERT INTO orders VALUES (1, 2.50)");
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            SqlComponent sql = camel.getComponent("sql", SqlComponent.class);
            sql.setDataSource(database);
            sql.setRowMapperFactory(new RecordMapper());
            camel.start();
            ProducerTemplate template = camel.createProducerTemplate();

            // When
            List<?> body = template.requestBodyAndHeader(
                    "sql:SELECT * FROM orders WHERE id > :#${header.after}", "", "after", 0, List.class);
            Object field = template.requestBody("language:simple:${body[AMOUNT]}", body.get(0));

            // Then
            assertThat(body).hasOnlyElementsOfType(SourceRecord.class).hasSize(1);
            assertThat(field).isEqualTo(new BigDecimal("2.50"));
        }
    }

    @Test
    void shouldReadEachResultByItsOwnColumnsWhenOneMapperServesManyQueries() throws Exception {
        // Given
        RowMapper<SourceRecord> mapper = new RecordMapper().newColumnRowMapper();
        JdbcTemplate jdbc = new JdbcTemplate(database);
        ExecutorService threads = Executors.newFixedThreadPool(4);

        // When
        List<Callable<List<SourceRecord>>> queries = IntStream.range(0, 16)
                .<Callable<List<SourceRecord>>>mapToObj(i -> () ->
                        jdbc.query("SELECT " + i + " AS c" + i + ", \"X\" AS x FROM system_range(1, 3000)", mapper))
                .toList();
        List<List<SourceRecord>> results = threads.invokeAll(queries).stream()
                .map(future -> {
                    try {
                        return future.get();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
        threads.shutdown();

        // Then
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i)).hasSize(3000);
            for (int x = 1; x <= 3000; x++) {
                assertThat(results.get(i).get(x - 1)).isEqualTo(Map.of("c" + i, i, "x", (long) x));
            }
        }
    }
}
