package dev.drover.plan;

import dev.drover.config.Consistency;
import dev.drover.deadletter.DeadLetters;
import dev.drover.delivery.Outcome;
import dev.drover.delivery.PlannedRequest;
import dev.drover.delivery.RequestRecorder;
import dev.drover.folder.BadInputException;
import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Holder;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.PagesEndpoint;
import dev.drover.pages.Pipeline;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.Selection;
import dev.drover.store.StoreSchema;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The next requests of the pipelines. The real routes process real rows, but the HTTP client and the store are
 * replaced. Only GET and HEAD requests leave the process. No message is published, and no checkpoint or dead letter is
 * written. The user's own steps run unchanged.
 *
 * @param requests the requests, in their order
 * @param summary one line for each pipeline, for each of the first dead letters, and for each topic to which a pipeline
 *     publishes
 * @param halted whether a pipeline halted or could not continue
 */
public record Plan(List<PlannedRequest> requests, List<String> summary, boolean halted) {

    private static final Logger LOG = LoggerFactory.getLogger(Plan.class);
    private static final int MOST_SHOWN = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    public Plan {
        requests = List.copyOf(requests);
        summary = List.copyOf(summary);
    }

    /**
     * Plans the next records.
     *
     * @param overrides settings that take precedence over all others
     * @param limit the number of records of each pipeline, at least 1
     * @param pipeline the only pipeline to plan; null for all
     * @throws BadInputException if the routes cannot be loaded, or the store or a source cannot be read
     */
    public static Plan of(RoutesFolder folder, Map<String, String> overrides, long limit, @Nullable String pipeline)
            throws InterruptedException {
        PlanStart start;
        try (LoadedRoutes loaded = LoadedRoutes.open(folder, overrides)) {
            start = PlanStart.of(loaded, pipeline);
        }
        RequestRecorder recorder = new RequestRecorder();
        PlannedTopics topics = new PlannedTopics();
        Map<String, String> settings = new HashMap<>(overrides);
        settings.put("camel.component.pages.mode", "DRAIN");
        settings.put("camel.threadpool.config[delivery].poolSize", "1"); // the order of the requests
        settings.put("camel.threadpool.config[delivery].maxPoolSize", "1");
        Main camel = LoadedRoutes.configured(folder, settings);
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                replaceWire(main.getCamelContext(), recorder, limit);
                main.getCamelContext().getCamelContextExtension().registerEndpointCallback(topics);
            }

            @Override
            public void afterConfigure(BaseMainSupport main) {
                replaceStore(main.getCamelContext(), start);
                leaveOthersAtRest(main.getCamelContext(), start);
                main.getCamelContext().getRegistry().findByType(Outcome.class).forEach(Outcome::planning);
            }
        });
        try (LoadedRoutes running = LoadedRoutes.start(folder, camel)) {
            List<Pipeline> ended = awaitEnd(running.context(), recorder);
            return new Plan(
                    recorder.requests(),
                    Stream.of(ended.stream().map(Plan::summary), deadLetters(running), topics.summary().stream())
                            .flatMap(lines -> lines)
                            .toList(),
                    ended.stream().anyMatch(each -> each.state() == Pipeline.State.HALTED || isUnderWay(each)));
        }
    }

    private static void replaceWire(CamelContext context, RequestRecorder recorder, long limit) {
        context.getCamelContextExtension().registerEndpointCallback(recorder);
        context.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
            if (endpoint instanceof PagesEndpoint pages) {
                pages.setLimit(limit);
                pages.leaveChangeLog();
                readAtOnce(pages);
            }
            return endpoint;
        });
    }

    /** Reads without waiting for writers and without delaying them. A plan may leave late rows out. */
    private static void readAtOnce(PagesEndpoint pages) {
        Set<Consistency> waiting =
                EnumSet.of(Consistency.AUTO, Consistency.LOCK, Consistency.SESSIONS, Consistency.LAG);
        if (waiting.contains(pages.getConsistency())) {
            LOG.info(
                    "{}: a plan does not wait for writers, as {} would: it reads as STATIC does",
                    pages.getName(),
                    pages.getConsistency());
            pages.setConsistency(Consistency.STATIC);
        }
    }

    private static void replaceStore(CamelContext context, PlanStart start) {
        JdbcDataSource memory = new JdbcDataSource();
        memory.setURL("jdbc:h2:mem:plan-" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        StoreSchema.migrate(memory);
        CheckpointEditor checkpoints = new CheckpointEditor(memory);
        start.checkpoints().forEach((pipeline, at) -> checkpoints.copy(pipeline, at.cursor(), at.run()));
        DeadLetters deadLetters = context.getRegistry().lookupByNameAndType("deadLetters", DeadLetters.class);
        if (deadLetters != null) {
            deadLetters.setLimit("100"); // none is written, and no record waits
        }
        context.getRegistry().unbind("store"); // else both stay, under two types
        context.getRegistry().bind("store", DataSource.class, memory);
        PagesComponent pages = context.getComponent("pages", PagesComponent.class);
        pages.setStore(memory);
    }

    private static void leaveOthersAtRest(CamelContext context, PlanStart start) {
        for (RouteDefinition route :
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions()) {
            String from = route.getInput().getEndpointUri();
            if (!start.routes().contains(route.getRouteId()) && !from.startsWith("direct:")) {
                route.setAutoStartup("false");
            }
        }
    }

    /** Waits until the pipelines have ended, or one with rows in flight makes no progress. */
    private static List<Pipeline> awaitEnd(CamelContext context, RequestRecorder recorder) throws InterruptedException {
        PagesComponent pages = context.getComponent("pages", PagesComponent.class);
        List<Long> known = List.of();
        long since = System.nanoTime();
        while (pages.pipelines().stream().anyMatch(Plan::isUnderWay)) {
            Thread.sleep(20);
            List<Long> now = progress(pages, recorder);
            if (!now.equals(known)) {
                known = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()
                    && pages.pipelines().stream()
                            .anyMatch(each -> each.ledger().holder().isPresent())) {
                break;
            }
        }
        return List.copyOf(pages.pipelines());
    }

    private static List<Long> progress(PagesComponent pages, RequestRecorder recorder) {
        return Stream.concat(
                        Stream.of((long) recorder.requests().size()),
                        pages.pipelines().stream()
                                .flatMap(each -> Stream.of(
                                        each.tally().rows(), each.tally().settled())))
                .toList();
    }

    private static Stream<String> deadLetters(LoadedRoutes running) {
        return new DeadLetterStore(running.store())
                .list(Selection.of(List.of()), MOST_SHOWN).stream()
                        .map(letter -> letter.pipeline() + ": " + letter.key() + " would be a dead letter: "
                                + letter.reason());
    }

    private static boolean isUnderWay(Pipeline pipeline) {
        return pipeline.state() == Pipeline.State.RUNNING;
    }

    private static String summary(Pipeline pipeline) {
        if (isUnderWay(pipeline)) {
            return pipeline.name() + ": does not go on after "
                    + pipeline.tally().rows() + " rows: "
                    + pipeline.ledger().holder().map(Holder::reason).orElse("another pipeline does not");
        }
        String end = pipeline.ledger().halted().map(why -> ", halts: " + why).orElseGet(() -> pipeline.checkpoint()
                .map(cursor -> ", the checkpoint would be " + cursor)
                .orElse(""));
        return pipeline.name() + ": " + pipeline.tally().rows() + " rows, "
                + pipeline.tally().filtered() + " filtered out, "
                + pipeline.tally().deadLetters() + " dead letters" + end
                + pipeline.allFiltered().map(where -> "; " + where).orElse("");
    }
}
