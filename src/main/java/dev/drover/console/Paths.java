package dev.drover.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.ledger.SettlementException;
import dev.drover.observe.Management;
import dev.drover.observe.Text;
import dev.drover.pages.PagesComponent;
import dev.drover.store.Selection;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;

/** The paths below {@code /console/}, behind the guard: the page, its data and its actions. */
final class Paths {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/console/";
    private static final int LONGEST_BODY = 65_536;

    private final CamelContext context;
    private final PagesComponent pages;
    private final Meter meter;
    private final History history;
    private final Actions actions;
    private final Replays replays;

    /** Used by the console only, so that its requests do not delay a probe. */
    private final WorkerExecutor workers;

    /** Limits memory: some drivers load a whole payload although only its beginning is read. */
    private final Semaphore reading = new Semaphore(2);

    Paths(
            CamelContext context,
            PagesComponent pages,
            Meter meter,
            History history,
            Replays replays,
            WorkerExecutor workers) {
        this.context = context;
        this.pages = pages;
        this.meter = meter;
        this.history = history;
        this.actions = new Actions(context, pages);
        this.replays = replays;
        this.workers = workers;
    }

    /**
     * All pipelines of this process.
     *
     * @param waiting the names of the pipelines that another process runs
     * @param replay the last replay of dead letters; null if there was none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(List<PipelineView> pipelines, List<String> waiting, Replays.@Nullable Progress replay) {}

    /**
     * The dead letters to replay: either these ids, or all of a pipeline.
     */
    record Chosen(@Nullable List<String> ids, @Nullable String pipeline) {

        Optional<Selection> selection() {
            if (ids != null && !ids.isEmpty() && ids.stream().allMatch(id -> id.matches("[0-9a-f]{64}"))) {
                return Optional.of(Selection.of(ids));
            }
            return ids == null && pipeline != null && !pipeline.isBlank()
                    ? Optional.of(DeadLetterList.ofPipeline(pipeline))
                    : Optional.empty();
        }
    }

    void addTo(Router router) {
        router.get("/").method(HttpMethod.HEAD).handler(Paths::redirect);
        router.get("/console").method(HttpMethod.HEAD).handler(Paths::index);
        get(router, "status", exchange -> answer(exchange, status()));
        get(router, "history/:pipeline/:after", this::history);
        get(
                router,
                "dead-letters/:pipeline",
                exchange -> answer(exchange, DeadLetterList.of(context, exchange.pathParam("pipeline"))));
        get(router, "dead-letter/:id", this::deadLetter);
        post(router, "pause/:pipeline", exchange -> act(exchange, actions::pause));
        post(router, "stop/:pipeline", exchange -> act(exchange, actions::stop));
        post(router, "resume/:pipeline", exchange -> act(exchange, actions::resume));
        post(router, "replay", this::replay);
        router.get(ROOT + ":file")
                .method(HttpMethod.HEAD)
                .handler(exchange -> StaticFiles.answer(exchange, exchange.pathParam("file")));
    }

    private void get(Router router, String path, ThrowingConsumer<RoutingContext, Exception> answer) {
        router.get(ROOT + path).method(HttpMethod.HEAD).handler(exchange -> work(exchange, answer));
    }

    private void post(Router router, String path, ThrowingConsumer<RoutingContext, Exception> answer) {
        router.post(ROOT + path)
                .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY))
                .handler(exchange -> work(exchange, answer));
    }

    private void work(RoutingContext exchange, ThrowingConsumer<RoutingContext, Exception> answer) {
        Future<?> unused = workers.executeBlocking(
                () -> {
                    handle(exchange, answer);
                    return null;
                },
                false);
    }

    private static void handle(RoutingContext exchange, ThrowingConsumer<RoutingContext, Exception> answer) {
        try {
            answer.accept(exchange);
        } catch (SettlementException e) {
            refuse(exchange, 503, "the store cannot be used now");
        } catch (JsonProcessingException | IllegalArgumentException e) {
            refuse(exchange, 400, "the request cannot be read");
        } catch (Exception e) {
            exchange.fail(e);
        }
    }

    /** Relative, because a proxy may serve the console below another path. */
    static void redirect(RoutingContext exchange) {
        exchange.response().setStatusCode(302).putHeader("Location", "console/").end();
    }

    /** This route also matches the path without a trailing slash, but the links of the page need the slash. */
    private static void index(RoutingContext exchange) {
        if (exchange.request().path().endsWith("/")) {
            StaticFiles.answer(exchange, "index.html");
        } else {
            redirect(exchange);
        }
    }

    private static void answer(RoutingContext exchange, Object facts) {
        exchange.response().putHeader("Content-Type", "application/json").end(Text.json(facts));
    }

    private static void refuse(RoutingContext exchange, int status, String why) {
        exchange.response().setStatusCode(status);
        answer(exchange, Map.of("error", why));
    }

    private Status status() {
        return new Status(
                pages.pipelines().stream()
                        .map(pipeline ->
                                PipelineView.of(pipeline, meter, Management.rowsAhead(context, pipeline.name())))
                        .toList(),
                pages.waiting().stream().sorted().toList(),
                replays.progress());
    }

    private void history(RoutingContext exchange) {
        answer(exchange, history.after(exchange.pathParam("pipeline"), Long.parseLong(exchange.pathParam("after"))));
    }

    private void deadLetter(RoutingContext exchange) {
        String id = exchange.pathParam("id");
        if (!reading.tryAcquire()) {
            refuse(exchange, 503, "other dead letters are being read; try again");
            return;
        }
        try {
            Optional<?> letter = id.matches("[0-9a-f]{64}") ? DeadLetterList.one(context, id) : Optional.empty();
            letter.ifPresentOrElse(
                    found -> answer(exchange, found), () -> refuse(exchange, 404, "the dead letter does not exist"));
        } finally {
            reading.release();
        }
    }

    private static void act(RoutingContext exchange, Predicate<String> action) {
        if (action.test(exchange.pathParam("pipeline"))) {
            answer(exchange, Map.of());
        } else {
            refuse(exchange, 409, "the state of the pipeline does not allow this");
        }
    }

    private void replay(RoutingContext exchange) throws Exception {
        @Nullable Chosen chosen = JSON.readValue(exchange.body().asString(), Chosen.class);
        Optional<Selection> selection = chosen == null ? Optional.empty() : chosen.selection();
        if (selection.isEmpty()) {
            refuse(exchange, 400, "name the dead letters: ids or a pipeline");
        } else if (replays.begin(selection.get())) {
            answer(exchange, Map.of());
        } else {
            refuse(exchange, 409, "another replay is running; wait until it has ended");
        }
    }
}
