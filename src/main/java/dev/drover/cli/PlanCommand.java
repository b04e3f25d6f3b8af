package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.plan.Plan;
import dev.drover.plan.PlanText;
import dev.drover.runtime.Application;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drover plan}: shows the next requests and sends none. */
@Command(
        name = "plan",
        description = {
            "Show the requests that would be sent for the next records, as curl commands or files, without sending"
                    + " them and without moving a checkpoint.",
            "The steps of the routes run as they are; of what they send over HTTP only GET and HEAD go out."
                    + " Values of headers and query parameters that look like credentials are shown as ***.",
            "Exit code: 0 planned, 1 a pipeline had to halt or could not go on, 2 bad input."
        },
        footer = {
            "",
            "Examples:",
            "  drover plan --limit 20",
            "  drover plan --limit 1000 --pipeline orders --out planned"
        })
final class PlanCommand extends DroverCommand implements Callable<Integer> {

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Option(names = "--limit", paramLabel = "N", required = true, description = "How many records of each pipeline.")
    private long limit;

    @Option(names = "--pipeline", paramLabel = "NAME", description = "Only this pipeline (default: all).")
    private @Nullable String pipeline;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Write each request to a file in this new folder instead of printing curl commands.")
    private @Nullable Path folder;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new BadInputException("--limit: " + limit + " is not allowed, it must be at least 1");
        }
        Plan plan = Plan.of(routes.folder(), Map.of(), limit, pipeline);
        if (folder == null) {
            plan.requests().forEach(request -> out().println(PlanText.curl(request)));
        } else {
            PlanText.write(plan.requests(), folder);
        }
        plan.summary().forEach(line -> out().println("# " + line));
        int requests = plan.requests().size();
        out().println("# " + requests + (requests == 1 ? " request" : " requests") + ", none was sent");
        return plan.halted() ? Application.FAILED : 0;
    }
}
