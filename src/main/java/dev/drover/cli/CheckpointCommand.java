package dev.drover.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code drover checkpoint}: looks at the checkpoints and changes them by hand. */
@Command(
        name = "checkpoint",
        description = "Show, set or reset the checkpoints.",
        subcommands = {CheckpointShowCommand.class, CheckpointSetCommand.class, CheckpointResetCommand.class},
        footer = {
            "",
            "Examples:",
            "  drover checkpoint show",
            "  drover checkpoint set orders 5000      go on after id 5000",
            "  drover checkpoint reset orders         begin again"
        })
final class CheckpointCommand implements Runnable {

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw Main.commandMissing(spec);
    }
}
