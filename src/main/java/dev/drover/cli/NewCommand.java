package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.runtime.Terminal;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover new}: writes the route file of a pipeline. */
@Command(
        name = "new",
        description = {
            "Write a pipeline for a table or view of the configured source (DROVER_SOURCE_URL): its columns and its key are"
                    + " looked up there. On a terminal it asks for what no flag says.",
            "Exit code: 0 written, 2 bad input; a file that is there is never overwritten."
        },
        footer = {
            "",
            "Examples:",
            "  drover new invoices --table sales.invoices --url https://billing.example/invoices --routes shop",
            "  drover new --tables 'sales.*' --url https://billing.example/{table} --routes shop",
            "  drover new events --table events --key created_at,id --url http://localhost:8080/events --dry --long"
        })
final class NewCommand extends DroverCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "The pipeline, its checkpoint and its settings: drover.NAME.url. Not with --tables.")
    private @Nullable String name;

    @Option(names = "--table", paramLabel = "T", description = "The table, with or without its schema.")
    private @Nullable String table;

    @Option(
            names = "--tables",
            paramLabel = "T",
            description = "All tables like this, such as 'sales.*': a pipeline and a file for each, named like it."
                    + " {table} in the URL stands for the name.")
    private @Nullable String tables;

    @Option(
            names = "--key",
            paramLabel = "K",
            description = "The unique columns to read by, separated by commas (default: the primary key; a"
                    + " view has none, so name them).")
    private @Nullable String key;

    @Option(names = "--url", paramLabel = "URL", description = "The service that gets the batches.")
    private @Nullable String url;

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Option(names = "--out", paramLabel = "FILE", description = "The file to write (default: DIR/NAME.camel.yaml).")
    private @Nullable Path target;

    @Option(names = "--long", description = "Write the long form, in which every step can be changed.")
    private boolean full;

    @Option(names = "--dry", description = "Print the file instead of writing it.")
    private boolean dry;

    @Override
    public Integer call() {
        if (tables != null) {
            return each(tables);
        }
        if (name == null) {
            throw new BadInputException("NAME: is needed");
        }
        Path file = target == null && !dry ? NewFile.in(routes.path(), name) : target;
        String text = NewFile.text(asked(name, Terminal.console().orElse(null)), full, routes.path(), Map.of());
        if (file == null || dry) {
            out().print(text);
            out().flush();
        } else {
            NewFile.write(text, file);
            out().println("wrote " + file + "; look at it, then: drover plan --limit 10 --pipeline " + name
                    + routes.words());
        }
        return 0;
    }

    /** Goes on with the next table when one cannot have a pipeline, such as one without a key. */
    private int each(String pattern) {
        if (name != null || table != null || key != null || target != null) {
            throw new BadInputException("--tables: takes no NAME, --table, --key and --out; each table has its own");
        }
        String address = said(null, url, "--url", "");
        int written = 0;
        for (String each : NewFile.tables(pattern, routes.path(), Map.of())) {
            String own = each.replaceFirst(".*\\.", "");
            String pipeline = own.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
            try {
                Path file = NewFile.in(routes.path(), pipeline);
                NewPipeline asked = new NewPipeline(pipeline, each, List.of(), address.replace("{table}", own));
                String text = NewFile.text(asked, full, routes.path(), Map.of());
                if (dry) {
                    out().print(text);
                } else {
                    NewFile.write(text, file);
                    out().println("wrote " + file);
                }
                written++;
            } catch (BadInputException e) {
                out().println("left out " + each + ": " + e.getMessage());
            }
        }
        out().flush();
        return written > 0 ? 0 : 2;
    }

    private NewPipeline asked(String name, @Nullable Console console) {
        boolean questions = table == null || url == null;
        String from = said(console, table, "--table", "Table to read: ");
        List<String> by = key == null && questions && console != null
                ? NewPipeline.columns(String.valueOf(console.readLine("Key columns (enter for the primary key): ")))
                : NewPipeline.columns(key == null ? "" : key);
        return new NewPipeline(name, from, by, said(console, url, "--url", "URL of the service: "));
    }

    private static String said(@Nullable Console console, @Nullable String flag, String option, String question) {
        if (flag != null) {
            return flag;
        }
        String answer = console == null ? null : console.readLine(question);
        if (answer == null || answer.isBlank()) {
            throw new BadInputException(option + ": is needed");
        }
        return answer.trim();
    }
}
