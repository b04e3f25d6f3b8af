package dev.drover.cli;

import dev.drover.runtime.Application;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code drover run}: runs the pipelines of a routes folder until they are drained or the process is stopped. */
@Command(
        name = "run",
        description = "Run the pipelines of a routes folder.",
        footer = {
            "",
            "Examples:",
            "  drover run --demo --drain    deliver the demo's 10,030 orders to a receiver in the same process",
            "  drover run                   follow the pipelines in ./routes",
            "  drover run --watch           the same, and take each change of their files",
            "  drover run --routes DIR --drain",
            "  drover run --role forwarder  only the pipelines that begin with kafka:"
        })
final class RunCommand extends DroverCommand implements Callable<Integer> {

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Option(names = "--demo", description = "Deliver seeded orders to a small receiver in the same process.")
    private boolean demo;

    @Option(names = "--drain", description = "End when everything is delivered, with a summary.")
    private boolean drain;

    @Option(names = "--audit", description = "With --drain: audit what was read at the end, as drover audit does.")
    private boolean audit;

    @Option(
            names = "--watch",
            description = "Take changed route files while they run, as drover.reload.enabled = true does.")
    private boolean watch;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Which pipelines run here, whatever drover.role says: reader, forwarder or all.")
    private @Nullable String role;

    @Override
    public Integer call() throws Exception {
        Application application = application(routes.folder());
        if (demo) {
            application.demo();
        }
        if (watch && drain) {
            throw new ParameterException(
                    spec().commandLine(),
                    "--watch: a run with --drain ends by itself and takes no changes; use one of them");
        }
        if (audit && !drain) {
            throw new ParameterException(
                    spec().commandLine(), "--audit: only a run with --drain ends; use drover audit beside it");
        }
        if (audit) {
            application.audit();
        }
        if (watch) {
            application.watch();
        }
        if (role != null) {
            application.role(role);
        }
        if (drain) {
            application.drain();
        }
        return application.run();
    }
}
