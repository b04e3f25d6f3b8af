package dev.drover.cli;

import dev.drover.folder.RoutesFolder;
import dev.drover.runtime.Application;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command has: its specification and its output streams. */
abstract class DroverCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandSpec spec;

    final CommandSpec spec() {
        return spec;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The application of a routes folder, with the streams of this command. */
    final Application application(RoutesFolder folder) {
        return new Application(folder, out(), err());
    }

    /** The error of a command that needs a subcommand and got none. */
    final ParameterException subcommandMissing() {
        return new ParameterException(
                spec.commandLine(),
                "name a command: " + String.join(", ", spec.subcommands().keySet()));
    }
}
