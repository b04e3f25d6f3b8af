package dev.drover.plan;

import dev.drover.config.Consistency;
import dev.drover.doctor.DoctorCheck;
import dev.drover.doctor.DoctorStore;
import dev.drover.folder.BadInputException;
import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.SettlementException;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.store.Checkpoints;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The start of a plan.
 *
 * @param routes the ids of the planned routes
 * @param checkpoints the checkpoints by pipeline
 */
record PlanStart(List<String> routes, Map<String, At> checkpoints) {

    /**
     * A checkpoint.
     *
     * @param cursor null for the beginning
     * @param run the run number, which is part of the ids of batches
     */
    record At(@Nullable Cursor cursor, long run) {}

    /**
     * Reads the checkpoints, and checks that each next page can be read. A running pipeline would wait for its source.
     *
     * @param pipeline the only pipeline to plan; null for all
     * @throws BadInputException if there is no such pipeline, or the store or a source cannot be read
     */
    static PlanStart of(LoadedRoutes loaded, @Nullable String pipeline) {
        List<LoadedPipeline> chosen = pipeline == null
                ? loaded.pipelines()
                : List.of(LoadedPipeline.named("--pipeline", pipeline, loaded.pipelines()));
        if (chosen.isEmpty()) {
            throw new BadInputException("the folder has no pipeline: no route begins with pages");
        }
        DataSource store = loaded.store();
        boolean there = isThere(store, loaded.createsStore());
        List<String> routes = new ArrayList<>();
        Map<String, At> checkpoints = new LinkedHashMap<>();
        for (LoadedPipeline each : chosen) {
            refuseClaims(each);
            At at = there ? at(store, each.name()) : new At(null, 0);
            checkpoints.put(each.name(), at);
            readOnce(each, at.cursor() == null ? each.config().startAfter() : at.cursor());
            routes.add(each.route().getRouteId());
        }
        return new PlanStart(List.copyOf(routes), Map.copyOf(checkpoints));
    }

    private static void refuseClaims(LoadedPipeline pipeline) {
        if (pipeline.config().consistency() == Consistency.CLAIM) {
            throw new BadInputException(
                    pipeline.name() + ": consistency CLAIM writes to its table before it reads, and a"
                            + " plan changes nothing; plan another pipeline with --pipeline");
        }
    }

    private static boolean isThere(DataSource store, boolean create) {
        DoctorStore looked = new DoctorStore(store, create);
        looked.checks().stream()
                .filter(check -> check.verdict() == DoctorCheck.Verdict.FAILED)
                .findFirst()
                .ifPresent(failed -> {
                    throw new BadInputException("store: " + failed.text() + "; " + failed.remedy());
                });
        return looked.hasTables();
    }

    private static At at(DataSource store, String pipeline) {
        try {
            Checkpoints checkpoints = new Checkpoints(store);
            return new At(checkpoints.cursor(pipeline).orElse(null), checkpoints.run(pipeline));
        } catch (IllegalStateException | SettlementException e) {
            throw new BadInputException(Cause.line(e), e);
        }
    }

    private static void readOnce(LoadedPipeline pipeline, @Nullable Cursor after) {
        if (!pipeline.readsSql()) {
            return;
        }
        try (Connection connection = pipeline.source().getConnection();
                PreparedStatement page = pipeline.query(connection, after).prepare(connection, "")) {
            page.setMaxRows(1);
            page.executeQuery().close();
        } catch (SQLException | RuntimeException e) {
            throw new BadInputException(
                    pipeline.name() + ": the next page cannot be read: " + Cause.line(e) + "; see drover doctor", e);
        }
    }
}
