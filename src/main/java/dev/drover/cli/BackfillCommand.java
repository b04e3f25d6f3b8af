package dev.drover.cli;

import dev.drover.config.Backfill;
import dev.drover.runtime.Application;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover backfill}: delivers a range of keys once, beside the running pipeline. */
@Command(
        name = "backfill",
        description = {
            "Deliver the records of a range of keys, through the route of a pipeline and beside it.",
            "It has a checkpoint of its own: told to stop, it goes on there when the same range is given again."
        },
        footer = {
            "",
            "Examples:",
            "  drover backfill orders --from 0 --to 5000      the records with keys above 0, up to and with 5000",
            "  drover backfill events --from \"7,0\" --to \"7,999\"    a key of two columns"
        })
final class BackfillCommand extends DroverCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The pipeline.")
    @SuppressWarnings("NullAway.Init") // set by the parser
    private String name;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "KEY",
            description = "The key after which it begins; that record itself is not sent.")
    @SuppressWarnings("NullAway.Init") // set by the parser
    private String from;

    @Option(names = "--to", required = true, paramLabel = "KEY", description = "The key of the last record.")
    @SuppressWarnings("NullAway.Init") // set by the parser
    private String to;

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Override
    public Integer call() throws Exception {
        Application application = application(routes.folder());
        application.backfill(new Backfill(name, from, to));
        return application.run();
    }
}
