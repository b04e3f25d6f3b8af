package dev.drover.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.drover.config.Consistency;
import dev.drover.folder.BadInputException;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorLiteral;
import dev.drover.ledger.CursorOrder;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.observe.Text;
import dev.drover.runtime.Application;
import dev.drover.runtime.OpenStore;
import dev.drover.store.Checkpoints;
import dev.drover.store.Traces;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover trace}: the life of one row. */
@Command(
        name = "trace",
        description = {
            "Show what became of one row: when it was read, and in which batches it was sent, with which answers. The"
                    + " setting drover.trace.enabled must have been true then.",
            "Exit code: 0 it has a trace, 1 it has none, 2 bad input."
        },
        footer = {
            "",
            "Examples:",
            "  drover trace orders 4711",
            "  drover trace visits \"2024-05-01T00:00:00Z, 12\"    a key of two columns"
        })
final class TraceCommand extends DroverCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    @Parameters(index = "0", paramLabel = "NAME", description = "The pipeline.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "KEY",
            description = "The key of the row: one literal for each key column, separated by commas, as in startAfter.")
    private String key = "";

    @Option(names = "--json", description = "Print one JSON object instead of lines.")
    private boolean json;

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    /** What {@code --json} prints. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Life(String pipeline, String key, @Nullable String checkpoint, List<Traces.Event> events) {}

    @Override
    public Integer call() throws Exception {
        try (OpenStore store = OpenStore.open(routes.folder(), Map.of());
                LoadedRoutes loaded = LoadedRoutes.open(routes.folder(), Map.of())) {
            Cursor row = row(loaded.pipelines());
            Cursor checkpoint = new Checkpoints(store.dataSource()).cursor(name).orElse(null);
            List<Traces.Event> events = new Traces(store.dataSource()).of(name, row);
            if (json) {
                String reached = checkpoint == null ? null : checkpoint.toString();
                out().println(Text.json(new Life(name, row.toString(), reached, events)));
            } else if (events.isEmpty()) {
                out().println(name + " " + row + ": no trace; " + why(row, checkpoint));
            } else {
                lines(row, events).forEach(out()::println);
            }
            return events.isEmpty() ? Application.FAILED : 0;
        }
    }

    private Cursor row(List<LoadedPipeline> pipelines) {
        LoadedPipeline pipeline = LoadedPipeline.named("NAME", name, pipelines);
        if (pipeline.config().consistency() == Consistency.CLAIM) {
            throw new BadInputException("NAME: " + name
                    + " claims its rows and has no trace: the claim table itself says which rows are settled");
        }
        try {
            return CursorLiteral.parse(pipeline.config().key(), key);
        } catch (IllegalArgumentException e) {
            throw new BadInputException("KEY: " + e.getMessage(), e);
        }
    }

    private static String why(Cursor row, @Nullable Cursor checkpoint) {
        if (checkpoint == null) {
            return "the pipeline has no checkpoint yet";
        }
        if (!CursorOrder.isKnown(row)) {
            return "the checkpoint is " + checkpoint;
        }
        return CursorOrder.isUpTo(row, checkpoint)
                ? "the checkpoint " + checkpoint + " has passed its key while drover.trace.enabled was false, or before"
                        + " drover.trace.retention"
                : "it is not settled, the checkpoint is " + checkpoint;
    }

    private List<String> lines(Cursor row, List<Traces.Event> events) {
        List<List<String>> table = new ArrayList<>();
        Instant read = null;
        for (Traces.Event event : events) {
            if (!event.read().equals(read)) {
                read = event.read();
                table.add(List.of("  read", time(read), "", "", "", "", ""));
            }
            table.add(List.of(
                    "  " + event.outcome(),
                    time(event.at()),
                    event.status() == null ? "" : "status " + event.status(),
                    event.attempts() > 1 ? event.attempts() + " attempts" : "",
                    event.batch() == null ? "" : "batch " + event.batch(),
                    Objects.requireNonNullElse(event.destination(), ""),
                    event.receipt() == null ? "" : "receipt " + event.receipt()));
        }
        List<String> lines = new ArrayList<>();
        lines.add(name + " " + row + ": " + events.get(events.size() - 1).outcome());
        lines.addAll(Text.table(table));
        return lines;
    }

    private static String time(Instant at) {
        return TIME.format(at.atZone(ZoneId.systemDefault()));
    }
}
