package dev.drover.cli;

import dev.drover.observe.Text;
import dev.drover.route.Finding;
import dev.drover.runtime.Application;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drover lint}: finds mistakes in a routes folder. It needs no database and starts nothing. */
@Command(
        name = "lint",
        description = {
            "Check a routes folder for what run would refuse; nothing is read or sent, neither a database nor a setting is"
                    + " needed.",
            "Prints a line for each finding, file:line: key: what is wrong, what is allowed; a line that begins with"
                    + " note: is a risk of what works, or a setting that is still to be given.",
            "Exit code: 0 if there is no finding, 2 if there are some."
        },
        footer = {
            "",
            "Examples:",
            "  drover lint                  check ./routes",
            "  drover lint --routes DIR",
            "  drover lint --json           print a list of {file, line, key, message}"
        })
final class LintCommand extends DroverCommand implements Callable<Integer> {

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Application.Lint lint = application(routes.folder()).lint();
        List<Finding> findings = lint.findings();
        if (json) {
            out().println(Text.json(findings));
        } else {
            findings.forEach(out()::println);
            lint.notes().forEach(note -> out().println("note: " + note));
        }
        return findings.isEmpty() ? 0 : Application.BAD_INPUT;
    }
}
