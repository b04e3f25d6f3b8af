package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.store.Selection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class SelectionOptions {

    @Option(names = "--pipeline", paramLabel = "NAME", description = "Those of this pipeline.")
    private @Nullable String pipeline;

    @Option(
            names = "--destination",
            paramLabel = "ROUTE",
            description = "Those that this delivery route set aside, deliver-orders for instance.")
    private @Nullable String destination;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Those whose reason contains this, in any case.")
    private @Nullable String reason;

    @Option(names = "--status", paramLabel = "CODE", description = "Those refused with this status, 422 for instance.")
    private @Nullable Integer status;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Since.class,
            description = "Those set aside since then: 30m, 2h, 7d, 2024-05-01 or 2024-05-01T12:30:00Z.")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Since.class,
            description = "Those set aside before then, written as for --since.")
    private @Nullable Instant until;

    /** Those that fit the options and, if there are any, these ids. */
    Selection with(@Nullable List<String> ids) {
        List<String> some = ids == null ? List.of() : ids;
        some.forEach(SelectionOptions::checkId);
        return new Selection(some, pipeline, destination, reason, status, since, until);
    }

    /** An empty variable of a script must not mean every dead letter. */
    static void checkId(String id) {
        if (!id.matches("[0-9a-fA-F]{4,64}")) {
            throw new BadInputException("ID: '" + id + "' is not allowed; say 4 or more of its hexadecimal digits");
        }
    }
}
