package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.store.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters a command changes: it must be told so, as saying nothing could be a mistake. */
final class ChosenDeadLetters {

    @Mixin
    private final SelectionOptions options = new SelectionOptions();

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Their ids, or the beginnings of these.")
    private @Nullable List<String> ids;

    @Option(names = "--all", description = "All dead letters.")
    private boolean all;

    /**
     * The selection.
     *
     * @throws BadInputException if nothing is said, and not that all are meant
     */
    Selection selection() {
        Selection selection = options.with(ids);
        if (selection.isEverything() && !all) {
            throw new BadInputException(
                    "say which dead letters: by ID, --pipeline, --destination, --reason, --status, --since or --until,"
                            + " or --all");
        }
        return selection;
    }
}
