package dev.drover.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code drover dead-letters}: the records that were refused, and what may be done with them. */
@Command(
        name = "dead-letters",
        description = "List, show, replay or purge the records that were set aside.",
        subcommands = {
            DeadLettersListCommand.class,
            DeadLettersShowCommand.class,
            DeadLettersReplayCommand.class,
            DeadLettersPurgeCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  drover dead-letters list --since 2h",
            "  drover dead-letters show 3fa9c2",
            "  drover dead-letters replay --pipeline orders",
            "  drover dead-letters purge --status 422"
        })
final class DeadLettersCommand implements Runnable {

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw Main.commandMissing(spec);
    }
}
