package dev.drover.preflight;

import dev.drover.config.Backfill;
import dev.drover.folder.BadInputException;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.route.Nearest;
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
        LoadedPipeline chosen = pipelines.stream()
                .filter(pipeline -> pipeline.name().equals(range.pipeline()))
                .findFirst()
                .orElseThrow(() -> unknown(range, pipelines));
        pipelines.stream()
                .filter(pipeline -> !pipeline.name().equals(range.pipeline()))
                .forEach(LoadedPipeline::leaveAtRest);
        context.getComponent("pages", PagesComponent.class).backfill(range);
        try {
            chosen.config();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
    }

    private static BadInputException unknown(Backfill range, List<LoadedPipeline> pipelines) {
        List<String> names = pipelines.stream().map(LoadedPipeline::name).toList();
        return new BadInputException("NAME: there is no pipeline '" + range.pipeline() + "'; the pipelines are "
                + String.join(", ", names) + Nearest.hint(range.pipeline(), names));
    }
}
