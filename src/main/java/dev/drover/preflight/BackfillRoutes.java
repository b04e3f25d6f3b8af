package dev.drover.preflight;

import dev.drover.config.Backfill;
import dev.drover.folder.BadInputException;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import java.util.List;
import org.apache.camel.CamelContext;

/** Restricts a folder to a backfill: one pipeline reads one range of keys, and no other pipeline runs. */
public final class BackfillRoutes {

    private BackfillRoutes() {}

    /**
     * Keeps all other pipelines from starting. To be called before the routes start.
     *
     * @throws BadInputException if there is no such pipeline or a key does not fit
     */
    public static void choose(CamelContext context, Backfill range) {
        List<LoadedPipeline> pipelines = LoadedRoutes.pipelines(context);
        LoadedPipeline chosen = LoadedPipeline.named("NAME", range.pipeline(), pipelines);
        pipelines.stream().filter(pipeline -> !pipeline.equals(chosen)).forEach(LoadedPipeline::leaveAtRest);
        context.getComponent("pages", PagesComponent.class).backfill(range);
        try {
            chosen.config();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }
}
