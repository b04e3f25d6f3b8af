package dev.drover;

import dev.drover.deadletter.Selection;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code drover dead-letters replay}. */
@Command(
        name = "replay",
        description = {
            "Send dead letters again, through the route that set them aside. What is delivered is removed; what is"
                    + " refused again stays.",
            "While the destination is away it waits, as the pipeline does. Exit code 1 if any stays."
        },
        footer = {
            "",
            "Examples:",
            "  drover dead-letters replay 3fa9c2",
            "  drover dead-letters replay --pipeline orders --since 2h",
            "  drover dead-letters replay --all"
        })
final class DeadLettersReplayCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final ChosenDeadLetters chosen = new ChosenDeadLetters();

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Selection selection = chosen.selection();
        Application application = new Application(
                options.folder(),
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
        if (options.isDemo()) {
            application.demo();
        }
        return application.replay(selection);
    }
}
