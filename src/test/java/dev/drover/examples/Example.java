package dev.drover.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cursor;
import dev.drover.lint.FolderCheck;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * One run of a folder, set up as {@code drover run --routes FOLDER} does: its files, all else built in, and nothing
 * replaced but the addresses. Closing it stops it as SIGTERM would.
 */
final class Example implements AutoCloseable {

    private final Main camel;
    private final List<Pipeline> pipelines = new ArrayList<>();

    Example(RoutesFolder folder, Map<String, String> addresses) {
        camel = LoadedRoutes.camel(folder);
        addresses.forEach(camel::addOverrideProperty);
        FolderCheck check = new FolderCheck(folder, camel.getOverrideProperties());
        assertThat(check.files()).isEmpty();
        assertThat(check.settings()).isEmpty();
        camel.start();
        assertThat(check.pipelines(context())).isEmpty();
        pipelines.addAll(context().getComponent("pages", PagesComponent.class).pipelines());
    }

    /** Waits long enough for a machine that has other work too. */
    static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20));
    }

    CamelContext context() {
        return camel.getCamelContext();
    }

    Collection<Pipeline> pipelines() {
        return pipelines;
    }

    Pipeline pipeline() {
        return pipelines.get(0);
    }

    Pipeline pipeline(String name) {
        return context().getComponent("pages", PagesComponent.class).pipelines().stream()
                .filter(pipeline -> pipeline.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until every pipeline has drained its source and all of it is settled. */
    void awaitEnd() {
        eventually().until(() -> pipelines.stream()
                .allMatch(pipeline ->
                        pipeline.state() == Pipeline.State.FINISHED || pipeline.state() == Pipeline.State.HALTED));
    }

    /** Waits until everything up to this id is settled, durably. */
    void awaitCheckpoint(String pipeline, long id) {
        eventually().until(() -> checkpoint(pipeline(pipeline)) == id);
    }

    /** The id at which the durable checkpoint is; 0 while there is none. */
    static long checkpoint(Pipeline pipeline) {
        return pipeline.checkpoint()
                .map(Cursor::values)
                .map(values -> ((Number) values.get(0)).longValue())
                .orElse(0L);
    }

    @Override
    public void close() {
        camel.stop();
    }
}
