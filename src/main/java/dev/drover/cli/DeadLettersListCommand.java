package dev.drover.cli;

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

/** {@code drover dead-letters list}. */
@Command(
        name = "list",
        description = "List dead letters, oldest first.",
        footer = {
            "",
            "Examples:",
            "  drover dead-letters list",
            "  drover dead-letters list --pipeline orders --status 422 --since 2h",
            "  drover dead-letters list --destination deliver-orders --since 2024-05-01 --until 2024-05-02",
            "  drover dead-letters list --reason \"no such customer\" --json"
        })
final class DeadLettersListCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final SelectionOptions selected = new SelectionOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many at most; 0 is no limit (default: ${DEFAULT-VALUE}).")
    private int limit = 100;

    @Option(names = "--json", description = "Print JSON, with the payloads.")
    private boolean json;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--limit: " + limit + " is not allowed, it must be 0 (no limit) or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        Selection selection = selected.with(List.of());
        try (OpenStore store = options.open()) {
            if (json) {
                out.println(Json.of(store.deadLetters().list(selection, limit)));
                return 0;
            }
            List<DeadLetter> letters = store.deadLetters().outlines(selection, limit);
            if (letters.isEmpty()) {
                out.println("no dead letters");
                return 0;
            }
            DeadLetterText.table(letters).forEach(out::println);
            long more = store.deadLetters().count(selection) - letters.size();
            if (more > 0) {
                out.println(more + " more: say --limit 0 for all");
            }
            return 0;
        }
    }
}
