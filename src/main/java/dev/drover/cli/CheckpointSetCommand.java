package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorLiteral;
import dev.drover.ledger.CursorMove;
import dev.drover.runtime.Application;
import dev.drover.runtime.OpenStore;
import dev.drover.store.CheckpointEditor.Stored;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover checkpoint set}: moves a checkpoint by hand, and fences off the process that owns the pipeline. */
@Command(
        name = "set",
        description = {
            "Set the checkpoint of a pipeline: it goes on after KEY.",
            "A process that runs the pipeline is fenced off and halts; start it again."
        },
        footer = {
            "",
            "Examples:",
            "  drover checkpoint set orders 5000",
            "  drover checkpoint set visits \"2024-05-01T00:00:00Z, 12\"",
            "  drover checkpoint set customers \"'O''Brien'\" --yes",
            "  drover checkpoint set orders 5000 --key id      before its first run"
        })
final class CheckpointSetCommand implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final Confirmation confirmation = new Confirmation();

    @Parameters(index = "0", paramLabel = "NAME", description = "The pipeline.")
    @SuppressWarnings("NullAway.Init") // set by the parser
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "KEY",
            description =
                    "One literal for each key column, separated by commas, as in startAfter; text in single quotes.")
    @SuppressWarnings("NullAway.Init") // set by the parser
    private String key;

    @Option(
            names = "--key",
            paramLabel = "COLUMN",
            split = ",",
            description = "The key columns of a pipeline that has no checkpoint yet.")
    private @Nullable List<String> columns;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        try (OpenStore store = options.open()) {
            Cursor from = store.checkpoints().of(name).map(Stored::cursor).orElse(null);
            Cursor to = parsed(from);
            String what = name + ": " + CursorMove.describe(from, to);
            if (!confirmation.given(what + ". A process that runs it is fenced off and must be started again")) {
                spec.commandLine().getErr().println("nothing was changed");
                return Application.FAILED;
            }
            store.checkpoints().set(name, to);
            spec.commandLine().getOut().println(what);
            return 0;
        }
    }

    private Cursor parsed(@Nullable Cursor from) {
        try {
            Cursor to = CursorMove.asRead(from, CursorLiteral.parse("KEY", keyColumns(from), key));
            CursorMove.mismatch(from, to).ifPresent(mismatch -> {
                throw new BadInputException("KEY: " + mismatch + "; text goes in single quotes");
            });
            return to;
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()).replace("startAfter:", "KEY:"), e);
        }
    }

    private List<String> keyColumns(@Nullable Cursor from) {
        return Optional.ofNullable(from)
                .map(Cursor::columns)
                .or(() -> Optional.ofNullable(columns))
                .orElseThrow(
                        () -> new BadInputException(
                                "--key: " + name
                                        + " has no checkpoint yet; is its name right? Then name its key columns, for instance --key id"));
    }
}
