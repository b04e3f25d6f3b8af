package dev.drover.preflight;

import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettlementException;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.route.Finding;
import dev.drover.source.CheckpointGuard;
import dev.drover.store.Checkpoints;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;

/**
 * Whether pipelines may go on after its checkpoint, looked at before they run. Opens the store as the
 * pipelines will: its tables are brought up to date.
 */
final class StartCheckpoints {

    private final CamelContext context;
    private final RoutesFolder folder;
    private final Predicate<LoadedPipeline> looked;

    StartCheckpoints(CamelContext context, RoutesFolder folder, Predicate<LoadedPipeline> looked) {
        this.context = context;
        this.folder = folder;
        this.looked = looked;
    }

    List<Finding> findings() {
        Checkpoints checkpoints;
        try {
            checkpoints = context.getComponent("pages", PagesComponent.class).checkpoints();
        } catch (RuntimeException e) {
            return List.of(folder.finding("drover.store.url", Cause.line(e)));
        }
        List<Finding> findings = new ArrayList<>();
        if (context.isAutoStartup()) { // a replay starts no pipeline
            LoadedRoutes.pipelines(context).stream().filter(looked).forEach(pipeline -> objection(pipeline, checkpoints)
                    .map(message -> pipeline.finding("name", message))
                    .ifPresent(findings::add));
        }
        return findings;
    }

    private static Optional<String> objection(LoadedPipeline pipeline, Checkpoints checkpoints) {
        try {
            Optional<Cursor> cursor = checkpoints.cursor(pipeline.name());
            return cursor.isEmpty()
                    ? Optional.empty()
                    : pipeline.guard()
                            .objection(cursor.get(), checkpoints.origin(pipeline.name()))
                            .map(CheckpointGuard.Objection::toString);
        } catch (IllegalStateException | SettlementException e) {
            return Optional.of(Cause.line(e));
        } catch (SQLException e) {
            return Optional.of("the checkpoint cannot be compared with the source: " + Cause.line(e));
        }
    }
}
