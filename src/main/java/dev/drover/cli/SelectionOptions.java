package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.store.Selection;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The options that select dead letters. */
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
            converter = PastTime.class,
            description = "Those set aside since then: 30m, 2h, 7d, 2024-05-01 or 2024-05-01T12:30:00Z.")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = PastTime.class,
            description = "Those set aside before then, written as for --since.")
    private @Nullable Instant until;

    @Option(
            names = "--parked",
            description =
                    "Parked records instead: those whose address did not accept, which are delivered by themselves.")
    private boolean parked;

    /** The selection of these options and ids; null for any id. */
    Selection with(@Nullable List<String> ids) {
        List<String> some = ids == null ? List.of() : ids;
        some.forEach(SelectionOptions::checkId);
        return new Selection(some, pipeline, destination, reason, status, since, until, parked);
    }

    /** Refuses short ids: an empty variable of a script must not select every dead letter. */
    static void checkId(String id) {
        if (!id.matches("[0-9a-fA-F]{4,64}")) {
            throw new BadInputException("ID: '" + id + "' is not allowed; say 4 or more of its hexadecimal digits");
        }
    }

    /** Selects the dead letters that a command changes. No option at all is refused, as a likely mistake. */
    static final class Explicit {

        @Mixin
        private final SelectionOptions options = new SelectionOptions();

        @Parameters(arity = "0..*", paramLabel = "ID", description = "Their ids, or the beginnings of these.")
        private @Nullable List<String> ids;

        @Option(names = "--all", description = "All dead letters.")
        private boolean all;

        /**
         * The selection.
         *
         * @throws BadInputException if neither a condition nor {@code --all} is given
         */
        Selection selection() {
            Selection selection = options.with(ids);
            if (selection.isEverything() && !all) {
                throw new BadInputException(
                        "say which dead letters: by ID, --pipeline, --destination, --reason, --status, --since or"
                                + " --until, or --all");
            }
            return selection;
        }
    }

    /** Reads a point in the past: an age, the beginning of a day in the local time zone, or an exact time. */
    static final class PastTime implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                if (text.matches("\\d{1,9}[smh]")) {
                    return Instant.now().minus(Duration.parse("PT" + text));
                }
                if (text.matches("\\d{1,6}d")) {
                    return Instant.now().minus(Duration.parse("P" + text));
                }
                return text.contains("T")
                        ? OffsetDateTime.parse(text).toInstant()
                        : LocalDate.parse(text)
                                .atStartOfDay(ZoneId.systemDefault())
                                .toInstant();
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a time such as 30m, 2h, 7d, 2024-05-01 or 2024-05-01T12:30:00Z");
            }
        }
    }
}
