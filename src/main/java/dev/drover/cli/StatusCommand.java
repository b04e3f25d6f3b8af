package dev.drover.cli;

import dev.drover.observe.PipelineReport;
import dev.drover.observe.Text;
import dev.drover.runtime.OpenStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code drover status}: shows the state of each pipeline. It reads only the store, so it works beside a running
 * process.
 */
@Command(
        name = "status",
        description = "Show how each pipeline is: rows, rate, window, what holds the checkpoint.",
        footer = {
            "",
            "Examples:",
            "  drover status            of the pipelines in ./routes, also while they run",
            "  drover status --json",
            "  drover status --demo"
        })
final class StatusCommand extends DroverCommand implements Callable<Integer> {

    @Mixin
    private final Options.Store options = new Options.Store();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<PipelineReport> reports;
        try (OpenStore store = options.open()) {
            reports = PipelineReport.all(
                    store.checkpoints().all(),
                    store.statuses().read(),
                    store.deadLetters().countByPipeline(false),
                    store.deadLetters().countByPipeline(true));
        }
        if (json) {
            out().println(Text.json(reports));
        } else if (reports.isEmpty()) {
            out().println("no pipeline has run yet");
        } else {
            reports.forEach(report -> report.lines().forEach(out()::println));
        }
        return 0;
    }
}
