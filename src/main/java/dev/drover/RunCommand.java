package dev.drover;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drover run}: runs the pipelines of a routes folder until they are drained, or until it is told to stop. */
@Command(
        name = "run",
        description = "Run the pipelines of a routes folder.",
        footer = {
            "",
            "Examples:",
            "  drover run --demo --drain    deliver the demo's 10,030 orders to a receiver in the same process",
            "  drover run                   follow the pipelines in ./routes",
            "  drover run --routes DIR --drain"
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    private final RoutesOption routes = new RoutesOption();

    @Option(names = "--demo", description = "Deliver seeded orders to a small receiver in the same process.")
    private boolean demo;

    @Option(names = "--drain", description = "End when everything is delivered, with a summary.")
    private boolean drain;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Application application = new Application(
                routes.folder(), spec.commandLine().getOut(), spec.commandLine().getErr());
        if (demo) {
            application.demo();
        }
        if (drain) {
            application.drain();
        }
        return application.run();
    }
}
