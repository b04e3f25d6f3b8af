package dev.drover.site;

import dev.drover.cli.Main;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The commands and their options, from the program itself. */
final class CommandsText {

    private CommandsText() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        leaves(Main.commandLine())
                .forEach(command -> text.append(text.isEmpty() ? "" : "\n").append(section(command)));
        return text.toString();
    }

    /** Whether this is a command, or begins with one and goes on with what it is given. */
    static boolean isCommand(String text) {
        return leaves(Main.commandLine())
                .map(command -> command.getCommandSpec().qualifiedName())
                .anyMatch(name -> name.startsWith(text) || text.startsWith(name + " "));
    }

    private static Stream<CommandLine> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command)
                : command.getSubcommands().values().stream().flatMap(CommandsText::leaves);
    }

    private static String section(CommandLine command) {
        CommandLine.Help help =
                new CommandLine.Help(command.getCommandSpec(), CommandLine.Help.defaultColorScheme(Ansi.OFF));
        String description =
                String.join(" ", command.getCommandSpec().usageMessage().description());
        String lines = (help.parameterList() + help.optionList()).stripTrailing();
        return "### `" + command.getCommandSpec().qualifiedName() + "`\n\n" + description
                + (lines.isEmpty() ? "\n" : "\n\n```\n" + trimmed(lines) + "\n```\n");
    }

    private static String trimmed(String lines) {
        List<String> each = lines.lines().map(String::stripTrailing).toList();
        return String.join("\n", each);
    }
}
