package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.observe.Table;
import dev.drover.runtime.OpenStore;
import dev.drover.store.CheckpointEditor.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code drover checkpoint show}. */
@Command(
        name = "show",
        description = "Show the checkpoint of each pipeline, or of one.",
        footer = {"", "Examples:", "  drover checkpoint show", "  drover checkpoint show orders"})
final class CheckpointShowCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The pipeline (default: all).")
    private @Nullable String name;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("pipeline", "checkpoint", "settled", "epoch"));
        try (OpenStore store = options.open()) {
            for (Stored stored : store.checkpoints().all()) {
                if (name == null || name.equals(stored.pipeline())) {
                    rows.add(List.of(
                            stored.pipeline(),
                            stored.text(),
                            Long.toString(stored.settled()),
                            Long.toString(stored.epoch())));
                }
            }
        }
        if (name != null && rows.size() == 1) {
            throw new BadInputException("no pipeline named " + name + " has run yet");
        }
        Table.of(rows).forEach(spec.commandLine().getOut()::println);
        return 0;
    }
}
