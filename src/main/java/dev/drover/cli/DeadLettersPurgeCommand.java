package dev.drover.cli;

import dev.drover.runtime.Application;
import dev.drover.runtime.OpenStore;
import dev.drover.store.Selection;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code drover dead-letters purge}. */
@Command(
        name = "purge",
        description = "Delete dead letters for good.",
        footer = {
            "",
            "Examples:",
            "  drover dead-letters purge 3fa9c2 81d0aa",
            "  drover dead-letters purge --pipeline orders --status 422",
            "  drover dead-letters purge --all --yes"
        })
final class DeadLettersPurgeCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final ChosenDeadLetters chosen = new ChosenDeadLetters();

    @Mixin
    private final Confirmation confirmation = new Confirmation();

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        Selection selection = chosen.selection();
        PrintWriter out = spec.commandLine().getOut();
        try (OpenStore store = options.open()) {
            long count = store.deadLetters().count(selection);
            if (count > 0
                    && !confirmation.given("delete " + count + " dead letter(s) for good; their records are lost")) {
                spec.commandLine().getErr().println("nothing was changed");
                return Application.FAILED;
            }
            out.println((count == 0 ? 0 : store.deadLetters().delete(selection)) + " dead letter(s) deleted");
            return 0;
        }
    }
}
