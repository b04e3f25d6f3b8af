package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.runtime.Application;
import dev.drover.store.Selection;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drover dead-letters replay}. */
@Command(
        name = "replay",
        description = {
            "Send dead letters again, through the route that set them aside. What is delivered is removed; what is"
                    + " refused again stays.",
            "With --reread each row is read again by its key, and goes through the whole route of its pipeline as it is"
                    + " now. What a step filters out is removed; what is gone stays.",
            "While the destination is away it waits, as the pipeline does. Exit code 1 if any stays."
        },
        footer = {
            "",
            "Examples:",
            "  drover dead-letters replay 3fa9c2",
            "  drover dead-letters replay --pipeline orders --since 2h",
            "  drover dead-letters replay --all",
            "  drover dead-letters replay --reread --reason \"no such customer\"",
            "  drover dead-letters replay --reread --drop-gone --all"
        })
final class DeadLettersReplayCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final ChosenDeadLetters chosen = new ChosenDeadLetters();

    @Option(
            names = "--reread",
            description =
                    "Send the rows as they are now, not what was stored of them; also those that failed in a step,"
                            + " and those without a payload.")
    private boolean reread;

    @Option(names = "--drop-gone", description = "Only with --reread: remove the dead letters of rows that are gone.")
    private boolean dropGone;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (dropGone && !reread) {
            throw new BadInputException("--drop-gone: is only for rows that are read again; say --reread too");
        }
        Selection selection = chosen.selection();
        Application application = new Application(
                options.folder(),
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
        if (options.isDemo()) {
            application.demo();
        }
        return reread ? application.replayRows(selection, dropGone) : application.replay(selection);
    }
}
