package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.observe.DeadLetterText;
import dev.drover.observe.Json;
import dev.drover.runtime.OpenStore;
import dev.drover.store.DeadLetter;
import dev.drover.store.Selection;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover dead-letters show}. */
@Command(
        name = "show",
        description = "Show all that is known of one dead letter, with its payload.",
        footer = {"", "Examples:", "  drover dead-letters show 3fa9c2", "  drover dead-letters show 3fa9c2 --json"})
final class DeadLettersShowCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.")
    @SuppressWarnings("NullAway.Init") // set by the parser
    private String id;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        SelectionOptions.checkId(id);
        List<DeadLetter> found;
        try (OpenStore store = options.open()) {
            found = store.deadLetters().list(Selection.of(List.of(id)), 2);
        }
        if (found.size() != 1) {
            throw new BadInputException("ID: "
                    + (found.isEmpty() ? "no dead letter begins with " : "several dead letters begin with ") + id);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(found.get(0)));
        } else {
            DeadLetterText.details(found.get(0)).forEach(out::println);
        }
        return 0;
    }
}
