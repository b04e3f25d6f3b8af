package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.ledger.Cursor;
import dev.drover.ledger.CursorLiteral;
import dev.drover.ledger.CursorMove;
import dev.drover.observe.Text;
import dev.drover.runtime.Application;
import dev.drover.runtime.OpenStore;
import dev.drover.store.CheckpointEditor.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover checkpoint}: shows and changes checkpoints. A change fences off the running owner. */
@Command(
        name = "checkpoint",
        description = "Show, set or reset the checkpoints.",
        footer = {
            "",
            "Examples:",
            "  drover checkpoint show",
            "  drover checkpoint set orders 5000      go on after id 5000",
            "  drover checkpoint reset orders         begin again"
        })
final class CheckpointCommand extends DroverCommand implements Runnable {

    @Override
    public void run() {
        throw subcommandMissing();
    }

    @Command(
            description = "Show the checkpoint of each pipeline, or of one.",
            footer = {"", "Examples:", "  drover checkpoint show", "  drover checkpoint show orders"})
    int show(
            @Mixin Options.Store options,
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "The pipeline (default: all).") @Nullable
                    String name) {
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
        Text.table(rows).forEach(out()::println);
        return 0;
    }

    @Command(
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
    int set(
            @Mixin Options.Store options,
            @Mixin Options.Confirmation confirmation,
            @Parameters(index = "0", paramLabel = "NAME", description = "The pipeline.") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "KEY",
                            description = "One literal for each key column, separated by commas, as in startAfter; text"
                                    + " in single quotes.")
                    String key,
            @Option(
                            names = "--key",
                            paramLabel = "COLUMN",
                            split = ",",
                            description = "The key columns of a pipeline that has no checkpoint yet.")
                    @Nullable
                    List<String> columns) {
        try (OpenStore store = options.open()) {
            Cursor from = store.checkpoints().of(name).map(Stored::cursor).orElse(null);
            List<String> known = Optional.ofNullable(from)
                    .map(Cursor::columns)
                    .or(() -> Optional.ofNullable(columns))
                    .orElseThrow(() -> new BadInputException("--key: " + name
                            + " has no checkpoint yet; is its name right? Then name its key columns, for instance --key"
                            + " id"));
            Cursor to = parsed(from, known, key);
            return change(store, confirmation, name, to, name + ": " + CursorMove.describe(from, to));
        }
    }

    @Command(
            description = {
                "Remove the checkpoint of a pipeline: it begins again, at its startAfter or at its first row.",
                "A process that runs the pipeline is fenced off and halts; start it again."
            },
            footer = {"", "Examples:", "  drover checkpoint reset orders", "  drover checkpoint reset orders --yes"})
    int reset(
            @Mixin Options.Store options,
            @Mixin Options.Confirmation confirmation,
            @Parameters(paramLabel = "NAME", description = "The pipeline.") String name) {
        try (OpenStore store = options.open()) {
            Stored stored = store.checkpoints()
                    .of(name)
                    .orElseThrow(() -> new BadInputException("no pipeline named " + name + " has run yet"));
            String what = name + ": it begins again, at its startAfter or at its first row: all rows from there up to "
                    + stored.text() + " are sent again";
            return change(store, confirmation, name, null, what);
        }
    }

    private int change(
            OpenStore store, Options.Confirmation confirmation, String name, @Nullable Cursor to, String what) {
        if (!confirmation.given(what + ". A process that runs it is fenced off and must be started again")) {
            err().println("nothing was changed");
            return Application.FAILED;
        }
        store.checkpoints().set(name, to);
        out().println(what);
        return 0;
    }

    private static Cursor parsed(@Nullable Cursor from, List<String> columns, String key) {
        try {
            Cursor to = CursorMove.asRead(from, CursorLiteral.parse(columns, key));
            CursorMove.mismatch(from, to).ifPresent(mismatch -> {
                throw new BadInputException("KEY: " + mismatch + "; text goes in single quotes");
            });
            return to;
        } catch (IllegalArgumentException e) {
            throw new BadInputException("KEY: " + e.getMessage(), e);
        }
    }
}
