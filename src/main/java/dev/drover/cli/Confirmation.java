package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.runtime.Terminal;
import java.io.Console;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Asks before something is changed for good. */
final class Confirmation {

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    /**
     * Whether the user wants it.
     *
     * @param what what will be done, as a sentence without its full stop
     * @throws BadInputException if there is no terminal to ask on
     */
    boolean given(String what) {
        if (yes) {
            return true;
        }
        Console console = Terminal.console()
                .orElseThrow(() ->
                        new BadInputException(what + ". Without a terminal to ask on, say --yes; nothing was changed"));
        String answer = console.readLine("%s. Go on? [y/N] ", what);
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
