package dev.drover;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command line: its commands and their help. */
@Command(
        name = "drover",
        description = "Drives database rows to HTTP services, in batches, and loses none.",
        mixinStandardHelpOptions = true,
        version = "drover 0.1.0",
        scope = ScopeType.INHERIT,
        subcommands = {RunCommand.class, DoctorCommand.class})
public final class Main implements Runnable {

    /** The exit code of bad input. */
    static final int BAD_INPUT = 2;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    /** Runs the command and exits with its code: 0 done, 1 failed, 2 bad input. */
    public static void main(String[] args) {
        // the embedded store listens for commands beside a running process: on this machine only
        if (System.getProperty("h2.bindAddress") == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
        }
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command: run or doctor");
    }
}
