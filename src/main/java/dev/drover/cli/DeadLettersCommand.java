package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.observe.Text;
import dev.drover.runtime.Application;
import dev.drover.runtime.OpenStore;
import dev.drover.store.DeadLetter;
import dev.drover.store.Selection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover dead-letters}: lists refused records, sends them again, or deletes them. */
@Command(
        name = "dead-letters",
        description = "List, show, replay or purge the records that were set aside.",
        footer = {
            "",
            "Examples:",
            "  drover dead-letters list --since 2h",
            "  drover dead-letters show 3fa9c2",
            "  drover dead-letters replay --pipeline orders",
            "  drover dead-letters purge --status 422"
        })
final class DeadLettersCommand extends DroverCommand implements Runnable {

    @Override
    public void run() {
        throw subcommandMissing();
    }

    @Command(
            description = "List dead letters, oldest first.",
            footer = {
                "",
                "Examples:",
                "  drover dead-letters list",
                "  drover dead-letters list --pipeline orders --status 422 --since 2h",
                "  drover dead-letters list --destination deliver-orders --since 2024-05-01 --until 2024-05-02",
                "  drover dead-letters list --reason \"no such customer\" --json",
                "  drover dead-letters list --parked"
            })
    int list(
            @Mixin Options.Store options,
            @Mixin SelectionOptions selected,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "How many at most; 0 is no limit (default: ${DEFAULT-VALUE}).")
                    int limit,
            @Option(names = "--json", description = "Print JSON, with the payloads.") boolean json) {
        if (limit < 0) {
            throw new CommandLine.ParameterException(
                    spec().subcommands().get("list"),
                    "--limit: " + limit + " is not allowed, it must be 0 (no limit) or more");
        }
        Selection selection = selected.with(List.of());
        try (OpenStore store = options.open()) {
            if (json) {
                out().println(Text.json(store.deadLetters().list(selection, limit)));
                return 0;
            }
            List<DeadLetter> letters = store.deadLetters().outlines(selection, limit);
            if (letters.isEmpty()) {
                out().println(Boolean.TRUE.equals(selection.parked()) ? "no parked records" : "no dead letters");
                return 0;
            }
            Text.deadLetters(letters).forEach(out()::println);
            long more = store.deadLetters().count(selection) - letters.size();
            if (more > 0) {
                out().println(more + " more: say --limit 0 for all");
            }
            return 0;
        }
    }

    @Command(
            description = "Show all that is known of one dead letter, with its payload.",
            footer = {"", "Examples:", "  drover dead-letters show 3fa9c2", "  drover dead-letters show 3fa9c2 --json"})
    int show(
            @Mixin Options.Store options,
            @Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.") String id,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        SelectionOptions.checkId(id);
        List<DeadLetter> found;
        try (OpenStore store = options.open()) {
            found = store.deadLetters().list(Selection.of(List.of(id)).parked(null), 2);
        }
        if (found.size() != 1) {
            throw new BadInputException("ID: "
                    + (found.isEmpty() ? "no dead letter begins with " : "several dead letters begin with ") + id);
        }
        if (json) {
            out().println(Text.json(found.get(0)));
        } else {
            Text.deadLetter(found.get(0)).forEach(out()::println);
        }
        return 0;
    }

    @Command(
            description = {
                "Send dead letters again, through the route that set them aside. What is delivered is removed; what is"
                        + " refused again stays.",
                "With --reread each row is read again by its key, and goes through the whole route of its pipeline as it"
                        + " is now. What a step filters out is removed; what is gone stays.",
                "While the destination is away it waits, as the pipeline does. Exit code 1 if any stays."
            },
            footer = {
                "",
                "Examples:",
                "  drover dead-letters replay 3fa9c2",
                "  drover dead-letters replay --pipeline orders --since 2h",
                "  drover dead-letters replay --all",
                "  drover dead-letters replay --reread --reason \"no such customer\"",
                "  drover dead-letters replay --reread --drop-gone --all"
            })
    int replay(
            @Mixin Options.Store options,
            @Mixin SelectionOptions.Explicit chosen,
            @Option(
                            names = "--reread",
                            description = "Send the rows as they are now, not what was stored of them; also those that"
                                    + " failed in a step, and those without a payload.")
                    boolean reread,
            @Option(
                            names = "--drop-gone",
                            description = "Only with --reread: remove the dead letters of rows that are gone.")
                    boolean dropGone)
            throws Exception {
        if (dropGone && !reread) {
            throw new BadInputException("--drop-gone: is only for rows that are read again; say --reread too");
        }
        Selection selection = chosen.selection();
        if (Boolean.TRUE.equals(selection.parked())) {
            throw new BadInputException("--parked: parked records are delivered by their pipeline; run it");
        }
        Application application = application(options.folder());
        if (options.isDemo()) {
            application.demo();
        }
        return reread ? application.replayRows(selection, dropGone) : application.replay(selection);
    }

    @Command(
            description = "Delete dead letters for good.",
            footer = {
                "",
                "Examples:",
                "  drover dead-letters purge 3fa9c2 81d0aa",
                "  drover dead-letters purge --pipeline orders --status 422",
                "  drover dead-letters purge --all --yes"
            })
    int purge(
            @Mixin Options.Store options,
            @Mixin SelectionOptions.Explicit chosen,
            @Mixin Options.Confirmation confirmation) {
        Selection selection = chosen.selection();
        try (OpenStore store = options.open()) {
            long count = store.deadLetters().count(selection);
            if (count > 0
                    && !confirmation.given("delete " + count + " dead letter(s) for good; their records are lost")) {
                err().println("nothing was changed");
                return Application.FAILED;
            }
            long deleted = count == 0 ? 0 : store.deadLetters().delete(selection);
            out().println(deleted + " dead letter(s) deleted");
            return 0;
        }
    }
}
