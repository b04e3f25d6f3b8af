package dev.drover.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.drover.observe.Management;
import dev.drover.pages.PagesComponent;
import dev.drover.store.CutDeadLetter;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The facts that the page shows, read at each request. Thread-safe. */
final class Facts {

    private final CamelContext context;
    private final PagesComponent pages;
    private final Meter meter;
    private final Sampler sampler;
    private final Replays replays;

    Facts(CamelContext context, PagesComponent pages, Meter meter, Sampler sampler, Replays replays) {
        this.context = context;
        this.pages = pages;
        this.meter = meter;
        this.sampler = sampler;
        this.replays = replays;
    }

    /**
     * All pipelines of this process.
     *
     * @param pipelines the pipelines that it runs
     * @param waiting the names of the pipelines that another process runs
     * @param replay the last replay by hand; null if there was none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(List<PipelineView> pipelines, List<String> waiting, Replays.@Nullable Progress replay) {}

    Status status() {
        return new Status(
                pages.pipelines().stream()
                        .map(pipeline ->
                                PipelineView.of(pipeline, meter, Management.rowsAhead(context, pipeline.name())))
                        .toList(),
                pages.waiting().stream().sorted().toList(),
                replays.progress());
    }

    List<History.Sample> history(String pipeline, long after) {
        return sampler.after(pipeline, after);
    }

    DeadLetterList deadLetters(String pipeline) {
        return DeadLetterList.of(context, pipeline);
    }

    Optional<CutDeadLetter> deadLetter(String id) {
        return DeadLetterList.one(context, id);
    }
}
