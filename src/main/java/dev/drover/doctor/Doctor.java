package dev.drover.doctor;

import dev.drover.ledger.Cause;
import dev.drover.ledger.Cursor;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.sql.SqlStep;
import dev.drover.sql.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Checks every pipeline of a folder with its source and destinations, and the store. Changes nothing. */
public final class Doctor {

    private static final int MOST_NAMED = 20;

    private final DataSource store;
    private final DoctorStore doctorStore;

    private Doctor(LoadedRoutes routes) {
        this.store = routes.store();
        this.doctorStore = new DoctorStore(store, routes.createsStore());
    }

    /** The report of the store, then the reports of the pipelines in the order of their files. */
    public static List<DoctorReport> examine(LoadedRoutes routes) {
        Doctor doctor = new Doctor(routes);
        List<DoctorReport> reports = new ArrayList<>();
        reports.add(new DoctorReport("store", "", "", List.of(), doctor.doctorStore.checks()));
        List<LoadedPipeline> pipelines = routes.pipelines();
        pipelines.forEach(pipeline -> reports.add(doctor.examine(pipeline)));
        withoutPipeline(pipelines)
                .ifPresent(check -> reports.add(new DoctorReport("other tables", "", "", List.of(), List.of(check))));
        return reports;
    }

    /**
     * The tables that no pipeline reads, of the schemas that some pipeline reads, in the source of the first one. They may be
     * left out on purpose.
     */
    private static Optional<DoctorCheck> withoutPipeline(List<LoadedPipeline> pipelines) {
        Set<String> read = new HashSet<>();
        Set<String> schemas = new HashSet<>();
        SortedSet<String> all = new TreeSet<>();
        DataSource source = null;
        for (LoadedPipeline pipeline : pipelines) {
            String delivered = pipeline.form().endpoint().getTable();
            String name =
                    delivered == null && pipeline.readsSql() ? pipeline.table().orElse(null) : delivered;
            if (name != null && (source == null || source == pipeline.source())) {
                source = pipeline.source();
                try (Connection connection = source.getConnection()) {
                    if (all.isEmpty()) {
                        all.addAll(TableFacts.all(connection));
                    }
                    TableFacts.of(connection, name).ifPresent(table -> {
                        schemas.add(table.schema());
                        read.add(table.schema() + "." + table.name());
                    });
                } catch (SQLException | RuntimeException e) {
                    return Optional.empty(); // the report of the pipeline says why
                }
            }
        }
        List<String> others = all.stream()
                .filter(table -> schemas.contains(table.replaceFirst("\\..*", "")) && !read.contains(table))
                .toList();
        String named = others.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        int more = others.size() - MOST_NAMED;
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(DoctorCheck.ok(
                        "no pipeline", "no pipeline reads " + named + (more > 0 ? " and " + more + " more" : "")));
    }

    private DoctorReport examine(LoadedPipeline pipeline) {
        List<DoctorCheck> checks = new ArrayList<>();
        DoctorCheckpoint checkpoint = DoctorCheckpoint.read(pipeline, store, doctorStore);
        checks.add(checkpoint.check());
        Cursor after = checkpoint.cursor().orElse(pipeline.config().startAfter());
        boolean reads = pipeline.readsSql() || pipeline.form().endpoint().isFed();
        DoctorReport source = reads ? source(pipeline, after) : noSql(pipeline);
        checks.addAll(source.checks());
        checks.add(DoctorConsistency.check(pipeline));
        checks.add(DoctorCheck.ok(
                "records",
                pipeline.single().map(why -> "travel one by one: " + why).orElse("travel in slices")));
        checks.addAll(DoctorDestination.checks(pipeline));
        return new DoctorReport(pipeline.name(), source.sql(), source.begins(), source.plan(), checks);
    }

    private static DoctorReport noSql(LoadedPipeline pipeline) {
        return new DoctorReport(
                pipeline.name(),
                "",
                "",
                List.of(),
                List.of(DoctorCheck.notChecked("source", "its pages are not read by SQL")));
    }

    private static DoctorReport source(LoadedPipeline pipeline, @Nullable Cursor after) {
        String begins = after == null ? "the beginning" : after.toString();
        List<DoctorCheck> checks = new ArrayList<>();
        List<String> plan = new ArrayList<>();
        String sql = pipeline.readStep().map(SqlStep::query).orElse("");
        try (Connection connection = pipeline.source().getConnection()) {
            checks.addAll(new DoctorSource(connection, pipeline, after).checks());
            if (pipeline.readsSql()) {
                sql = pipeline.sql(connection, after);
                DoctorPlan explained = DoctorPlan.explain(connection, pipeline, after);
                checks.add(explained.check());
                plan.addAll(explained.lines());
            }
        } catch (SQLException | RuntimeException e) {
            checks.add(DoctorCheck.failed(
                    "source",
                    "cannot be reached: " + Cause.line(e),
                    "check DROVER_SOURCE_URL, DROVER_SOURCE_USERNAME and DROVER_SOURCE_PASSWORD, and that the database"
                            + " runs"));
        }
        return new DoctorReport(pipeline.name(), sql, begins, plan, checks);
    }
}
