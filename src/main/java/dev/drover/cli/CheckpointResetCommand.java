package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.runtime.Application;
import dev.drover.runtime.OpenStore;
import dev.drover.store.CheckpointEditor.Stored;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code drover checkpoint reset}: lets a pipeline begin again, and fences off the process that owns it. */
@Command(
        name = "reset",
        description = {
            "Remove the checkpoint of a pipeline: it begins again, at its startAfter or at its first row.",
            "A process that runs the pipeline is fenced off and halts; start it again."
        },
        footer = {"", "Examples:", "  drover checkpoint reset orders", "  drover checkpoint reset orders --yes"})
final class CheckpointResetCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final Confirmation confirmation = new Confirmation();

    @Parameters(paramLabel = "NAME", description = "The pipeline.")
    @SuppressWarnings("NullAway.Init") // set by the parser
    private String name;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        try (OpenStore store = options.open()) {
            Stored stored = store.checkpoints()
                    .of(name)
                    .orElseThrow(() -> new BadInputException("no pipeline named " + name + " has run yet"));
            String what = name + ": it begins again, at its startAfter or at its first row: all rows from there up to "
                    + stored.text() + " are sent again";
            if (!confirmation.given(what + ". A process that runs it is fenced off and must be started again")) {
                spec.commandLine().getErr().println("nothing was changed");
                return Application.FAILED;
            }
            store.checkpoints().set(name, null);
            spec.commandLine().getOut().println(what);
            return 0;
        }
    }
}
