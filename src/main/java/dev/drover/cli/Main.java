package dev.drover.cli;

import dev.drover.config.Secret;
import dev.drover.folder.BadInputException;
import dev.drover.folder.FindingsException;
import dev.drover.ledger.Cause;
import dev.drover.runtime.Application;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: its commands, its help and its error messages. */
@Command(
        name = "drover",
        description = "Drives database rows to HTTP services, in batches, and loses none.",
        mixinStandardHelpOptions = true,
        version = "drover 0.1.0",
        scope = ScopeType.INHERIT,
        addMethodSubcommands = false, // added as the last one, for the order of the help
        footer = {
            "",
            "Examples:",
            "  drover run --demo --drain",
            "  drover lint",
            "  drover status",
            "  drover dead-letters replay --help"
        })
public final class Main extends DroverCommand implements Runnable {

    private static final String LOG_FORMAT = "DROVER_LOG_FORMAT";
    private static final List<String> LOG_FORMATS = List.of("text", "json");

    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            BackfillCommand.class,
            LintCommand.class,
            DoctorCommand.class,
            PlanCommand.class,
            TestCommand.class,
            AuditCommand.class,
            TraceCommand.class,
            NewCommand.class,
            ChangesCommand.class,
            StatusCommand.class,
            CheckpointCommand.class,
            DeadLettersCommand.class);

    /** Runs the command and exits with its code: 0 done, 1 failed, 2 bad input. */
    public static void main(String[] args) {
        String format = System.getenv().getOrDefault(LOG_FORMAT, "text");
        if (!LOG_FORMATS.contains(format)) {
            System.err.println("drover: " + LOG_FORMAT + ": '" + format + "' is not allowed, it must be one of "
                    + String.join(", ", LOG_FORMATS));
            System.exit(Application.BAD_INPUT);
        }
        try {
            Secret.takeFiles(System.getenv(), System.getProperties());
        } catch (IllegalArgumentException e) {
            System.err.println("drover: " + e.getMessage());
            System.exit(Application.BAD_INPUT);
        }
        System.exit(commandLine(args).execute(args));
    }

    /**
     * The command line with its error messages.
     *
     * @param words the arguments; if they begin with a command, only that command is created, for a faster start
     */
    public static CommandLine commandLine(String... words) {
        CommandLine line = new CommandLine(new Main());
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> words.length > 0
                        && words[0].equals(command.getAnnotation(Command.class).name()))
                .toList();
        (named.isEmpty() ? COMMANDS : named).forEach(line::addSubcommand);
        if (named.isEmpty()) {
            line.getCommandSpec().addMethodSubcommands();
        }
        return line.setParameterExceptionHandler((e, arguments) -> refuse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> fail(e, command));
    }

    private static int refuse(ParameterException e) {
        CommandLine command = e.getCommandLine();
        List<String> similar =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String hint =
                similar.isEmpty() ? "" : "; did you mean " + similar.get(0).replaceFirst("^'(.*)'$", "$1") + "?";
        print(command, e.getMessage() + hint + " (" + command.getCommandSpec().qualifiedName() + " --help)");
        return Application.BAD_INPUT;
    }

    private static int fail(Exception e, CommandLine command) {
        if (e instanceof FindingsException) {
            command.getErr().println(e.getMessage());
            command.getErr().flush();
            return Application.BAD_INPUT;
        }
        boolean badInput = e instanceof BadInputException;
        print(command, badInput ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + Cause.line(e));
        return badInput ? Application.BAD_INPUT : Application.FAILED;
    }

    private static void print(CommandLine command, String message) {
        command.getErr().println("drover: " + message.lines().findFirst().orElse(message));
        command.getErr().flush();
    }

    @Override
    public void run() {
        throw subcommandMissing();
    }

    /** Prints the script that completes the commands and options in bash and zsh. */
    @Command(
            description = "Print a script that completes commands and options in bash and zsh.",
            footer = {
                "",
                "Examples:",
                "  alias drover='java -jar /opt/drover/drover.jar'",
                "  drover completion > ~/.drover-completion && source ~/.drover-completion"
            })
    void completion() {
        CommandLine root = spec().commandLine();
        root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
        root.getOut().flush();
    }
}
