package dev.drover.cli;

import dev.drover.doctor.Doctor;
import dev.drover.doctor.DoctorReport;
import dev.drover.lint.LoadedRoutes;
import dev.drover.observe.Text;
import dev.drover.runtime.Application;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drover doctor}: checks the databases and destinations of the pipelines. */
@Command(
        name = "doctor",
        description = {
            "Look at the source, the store and the destination of each pipeline, without changing or sending anything:"
                    + " the page SQL and its plan, key, index, types, clock, checkpoint.",
            "Exit code: 0 nothing failed (warnings do not count), 1 a check failed, 2 bad input."
        },
        footer = {
            "",
            "Examples:",
            "  drover doctor                      the pipelines in ./routes",
            "  drover doctor --routes DIR --json  for a program"
        })
final class DoctorCommand extends DroverCommand implements Callable<Integer> {

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Option(names = "--json", description = "Print one JSON array instead of lines.")
    private boolean json;

    @Override
    public Integer call() {
        try (LoadedRoutes loaded = LoadedRoutes.open(routes.folder(), Map.of())) {
            List<DoctorReport> reports = Doctor.examine(loaded);
            if (json) {
                out().println(Text.json(reports));
            } else {
                reports.forEach(report -> report.lines().forEach(out()::println));
            }
            return reports.stream().anyMatch(DoctorReport::isFailed) ? Application.FAILED : 0;
        }
    }
}
