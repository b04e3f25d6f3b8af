package dev.drover.bench.contender;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.Job;
import org.springframework.batch.core.JobExecution;
import org.springframework.batch.core.JobParameters;
import org.springframework.batch.core.Step;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.launch.JobLauncher;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.item.Chunk;
import org.springframework.batch.item.database.JdbcPagingItemReader;
import org.springframework.batch.item.database.Order;
import org.springframework.batch.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A Spring Batch job with as many threads as its step may use, by {@link Work#parallelism}: the paging reader, chunks of
 * 500, a writer that posts one. What it notes of each chunk goes to an H2 in memory, the cheapest that it takes.
 */
@Configuration
@EnableBatchProcessing
class SpringBatch {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One order; the fields are what is sent. */
    record Row(long id, String customer, String product, int quantity, BigDecimal amount, String ordered_at) {}

    public static void main(String[] arguments) throws Exception {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(SpringBatch.class)) {
            JobExecution execution =
                    context.getBean(JobLauncher.class).run(context.getBean(Job.class), new JobParameters());
            if (!execution.getExitStatus().equals(ExitStatus.COMPLETED)) {
                throw new IllegalStateException(
                        execution.getAllFailureExceptions().toString());
            }
        }
    }

    @Bean
    Work work() {
        return Work.fromEnvironment();
    }

    /** Of the job repository. */
    @Bean
    DataSource dataSource() {
        JdbcDataSource memory = new JdbcDataSource();
        memory.setUrl("jdbc:h2:mem:batch;DB_CLOSE_DELAY=-1");
        DatabasePopulatorUtils.execute(
                new ResourceDatabasePopulator(new ClassPathResource("org/springframework/batch/core/schema-h2.sql")),
                memory);
        return memory;
    }

    @Bean
    PlatformTransactionManager transactionManager() {
        return new DataSourceTransactionManager(dataSource());
    }

    /** The reader keeps a connection for each transaction it reads in, which is one for each thread. */
    @Bean
    HikariDataSource source(Work work) {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(work.url());
        source.setUsername(work.user());
        source.setMaximumPoolSize(work.parallelism() + 1);
        return source;
    }

    @Bean
    Sender sender(Work work) {
        return new Sender(work.destination(), work.parallelism());
    }

    @Bean
    ThreadPoolTaskExecutor threads(Work work) {
        ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
        threads.setCorePoolSize(work.parallelism());
        return threads;
    }

    @Bean
    JdbcPagingItemReader<Row> reader(HikariDataSource source) {
        return new JdbcPagingItemReaderBuilder<Row>()
                .dataSource(source)
                .selectClause("SELECT id, customer, product, quantity, amount, ordered_at")
                .fromClause("FROM orders")
                .sortKeys(Map.of("id", Order.ASCENDING))
                .pageSize(Work.PAGE)
                .fetchSize(Work.PAGE)
                .rowMapper((row, number) -> read(row))
                .saveState(false)
                .build();
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("id"),
                row.getString("customer"),
                row.getString("product"),
                row.getInt("quantity"),
                row.getBigDecimal("amount"),
                row.getObject("ordered_at", OffsetDateTime.class).toString());
    }

    @Bean
    @SuppressWarnings("removal") // nothing else lifts the limit of four
    Step step(
            JobRepository jobs,
            PlatformTransactionManager transactions,
            JdbcPagingItemReader<Row> reader,
            Sender sender,
            ThreadPoolTaskExecutor threads,
            Work work) {
        var step = new StepBuilder("orders", jobs)
                .<Row, Row>chunk(Work.BATCH, transactions)
                .reader(reader)
                .writer(chunk -> {
                    byte[] body = json(chunk);
                    sender.post(body, body.length);
                });
        return work.parallelism() == 1
                ? step.build()
                : step.taskExecutor(threads).throttleLimit(work.parallelism()).build();
    }

    private static byte[] json(Chunk<? extends Row> chunk) throws JsonProcessingException {
        return JSON.writeValueAsBytes(chunk.getItems());
    }

    @Bean
    Job job(JobRepository jobs, Step step) {
        return new JobBuilder("orders", jobs).start(step).build();
    }
}
