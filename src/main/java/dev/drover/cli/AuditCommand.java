package dev.drover.cli;

import dev.drover.audit.AtDestination;
import dev.drover.audit.Audit;
import dev.drover.audit.AuditReport;
import dev.drover.folder.BadInputException;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorLiteral;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.runtime.Application;
import dev.drover.runtime.OpenStore;
import dev.drover.store.Receipts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover audit}: proves that nothing was missed, or names what was. */
@Command(
        name = "audit",
        description = {
            "Read the keys of the source again, and compare them with the receipts of what was read: which rows were"
                    + " never read, and what became of the others. Works beside a running process.",
            "Exit code: 0 proven complete up to the checkpoint, 1 something is missing or not proven, 2 bad input."
        },
        footer = {
            "",
            "Examples:",
            "  drover audit                             all pipelines in ./routes",
            "  drover audit orders --from 0 --to 50000  the segments that have keys of this range",
            "  drover audit orders --repair             and deliver what was missed"
        })
final class AuditCommand extends DroverCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The pipeline (default: all).")
    private @Nullable String name;

    @Option(
            names = "--from",
            paramLabel = "KEY",
            description = "The key after which it begins, written like startAfter.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "KEY", description = "The last key.")
    private @Nullable String to;

    @Option(names = "--json", description = "Print one JSON object for each pipeline instead of lines.")
    private boolean json;

    @Option(
            names = "--repair",
            description =
                    "Set the rows that were never read aside as dead letters, and deliver them through the route of"
                            + " their pipeline.")
    private boolean repair;

    @Option(
            names = "--destination",
            paramLabel = "URL",
            description =
                    "Compare what the receiver has, too: GET to this URL answers with the count and the digest of a"
                            + " range of keys. Needs NAME.")
    private @Nullable String destination;

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Override
    public Integer call() throws Exception {
        if (destination != null && name == null) {
            throw new BadInputException("--destination: name the pipeline whose rows this receiver has");
        }
        List<AuditReport> reports = new ArrayList<>();
        try (OpenStore store = OpenStore.open(routes.folder(), Map.of());
                LoadedRoutes loaded = LoadedRoutes.open(routes.folder(), Map.of())) {
            for (LoadedPipeline pipeline : chosen(loaded.pipelines())) {
                Optional<String> obstacle = Audit.obstacle(pipeline.form());
                if (obstacle.isPresent()) {
                    out().println(AuditReport.notAudited(pipeline.name(), obstacle.get(), json));
                    continue;
                }
                AuditReport report = audit(pipeline, store);
                reports.add(report);
                List<String> lines = json ? List.of(report.toJson()) : report.lines();
                lines.forEach(out()::println);
            }
            if (repair) {
                Receipts receipts = new Receipts(store.dataSource());
                reports.stream()
                        .filter(report -> !report.missed().isEmpty())
                        .forEach(report -> receipts.setAside(report.pipeline(), report.missed()));
            }
        }
        List<AuditReport> repaired =
                reports.stream().filter(report -> !report.missed().isEmpty()).toList();
        if (repair && !repaired.isEmpty()) {
            return repair(repaired);
        }
        return reports.stream().allMatch(AuditReport::isComplete) ? 0 : Application.FAILED;
    }

    private int repair(List<AuditReport> missed) throws Exception {
        int code = 0;
        for (AuditReport report : missed) {
            code = Math.max(
                    code, application(routes.folder()).replayRows(Receipts.neverRead(report.pipeline()), false));
        }
        return code;
    }

    private List<LoadedPipeline> chosen(List<LoadedPipeline> pipelines) {
        if (name != null) {
            LoadedPipeline named = LoadedPipeline.named("NAME", name, pipelines);
            Audit.obstacle(named.form()).ifPresent(why -> {
                throw new BadInputException("NAME: " + name + " cannot be audited: " + why);
            });
            return List.of(named);
        }
        if (pipelines.stream()
                .noneMatch(pipeline -> Audit.obstacle(pipeline.form()).isEmpty())) {
            throw new BadInputException("NAME: no pipeline here has receipts");
        }
        return pipelines;
    }

    private AuditReport audit(LoadedPipeline pipeline, OpenStore store) {
        Audit.Range range = new Audit.Range(key(pipeline, "--from", from), key(pipeline, "--to", to), Duration.ZERO);
        try {
            Audit audit = new Audit(pipeline.form(), store.dataSource(), () -> true, true);
            if (destination != null) {
                audit.comparing(new AtDestination(destination));
            }
            return audit.run(range);
        } catch (SQLException e) {
            throw new BadInputException(pipeline.name() + ": its source cannot be read now: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(pipeline.name() + ": cannot be audited: " + e.getMessage(), e);
        }
    }

    private static @Nullable Cursor key(LoadedPipeline pipeline, String option, @Nullable String text) {
        try {
            return text == null ? null : CursorLiteral.parse(pipeline.config().key(), text);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(option + ": " + e.getMessage(), e);
        }
    }
}
