package dev.drover.bench.contender;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.Main;
import org.apache.camel.processor.aggregate.AggregateController;
import org.apache.camel.processor.aggregate.DefaultAggregateController;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;

/**
 * Camel without Drover: the stock components of src/bench/routes/stock.camel.yaml, whose path is the argument, run
 * until the table is read and everything sent. The pool is bounded: without that a slow destination fills the memory.
 */
final class StockCamel {

    private StockCamel() {}

    public static void main(String[] arguments) throws Exception {
        Work work = Work.fromEnvironment();
        int parallelism = work.parallelism();
        ThreadPoolExecutor delivery = new ThreadPoolExecutor(
                parallelism,
                parallelism,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(parallelism),
                new ThreadPoolExecutor.CallerRunsPolicy());
        AggregateController batches = new DefaultAggregateController();
        Main main = main(work, arguments[0]);
        try (HikariDataSource source = source(work)) {
            main.bind("source", source);
            main.bind("delivery", delivery);
            main.bind("batches", batches);
            main.bind("list", new GroupedBodyAggregationStrategy());
            main.start();
            main.getCamelTemplate().sendBody("direct:orders", "");
            batches.forceCompletionOfAllGroups();
            delivery.shutdown();
            boolean sent = delivery.awaitTermination(1, TimeUnit.MINUTES);
            main.stop();
            System.exit(sent ? 0 : 1);
        }
    }

    private static Main main(Work work, String route) {
        Main main = new Main();
        main.configure().withJmxEnabled(false).withRoutesIncludePattern("file:" + route);
        main.addProperty("destination", work.destination());
        main.addProperty("camel.component.sql.dataSource", "#source");
        main.addProperty("camel.component.http.connectionsPerRoute", Integer.toString(work.parallelism()));
        return main;
    }

    private static HikariDataSource source(Work work) {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(work.url());
        source.setUsername(work.user());
        source.setMaximumPoolSize(2);
        return source;
    }
}
