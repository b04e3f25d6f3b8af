package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.folder.RoutesFolder;
import dev.drover.routetest.RouteTest;
import dev.drover.runtime.Application;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover test}: runs the routes against rows and answers that are written beside them. */
@Command(
        name = "test",
        description = {
            "Run the routes against the rows and the answers of each test in DIR/tests, in memory: an H2 database is the"
                    + " source, a server in the process the service. Nothing else is read or sent.",
            "Exit code: 0 all passed, 1 some failed, 2 bad input."
        },
        footer = {
            "",
            "Examples:",
            "  drover test                             all of ./routes/tests/*.test.yaml",
            "  drover test --routes DIR orders.test.yaml",
            "  drover test --junit target/routes.xml   and a report for CI"
        })
final class TestCommand extends DroverCommand implements Callable<Integer> {

    private static final String ENDING = ".test.yaml";

    @Mixin
    private final Options.Routes routes = new Options.Routes();

    @Parameters(paramLabel = "FILE", description = "Only these tests (default: all).")
    private List<String> chosen = new ArrayList<>();

    @Option(names = "--junit", paramLabel = "FILE", description = "Write a report as JUnit XML.")
    private @Nullable Path junit;

    @Override
    public Integer call() throws Exception {
        RoutesFolder folder = routes.folder();
        List<RouteTest.Result> results = new ArrayList<>();
        for (Path file : files(folder.path().resolve("tests"))) {
            RouteTest.Result result = RouteTest.run(file, folder);
            results.add(result);
            out().println((result.differences().isEmpty() ? "passed " : "FAILED ") + result.name());
            result.differences().forEach(line -> out().println("  " + line));
            out().flush();
        }
        long failed = failures(results);
        out().println(results.size() + (results.size() == 1 ? " test, " : " tests, ") + failed + " failed");
        if (junit != null) {
            report(junit, results);
        }
        return failed == 0 ? 0 : Application.FAILED;
    }

    private static long failures(List<RouteTest.Result> results) {
        return results.stream()
                .filter(result -> !result.differences().isEmpty())
                .count();
    }

    private List<Path> files(Path tests) {
        try (Stream<Path> entries = Files.list(tests)) {
            List<Path> all = entries.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .toList();
            List<Path> files = all.stream()
                    .filter(file -> chosen.isEmpty() || chosen.contains(String.valueOf(file.getFileName())))
                    .toList();
            if (files.size() < Math.max(1, chosen.size())) {
                throw new BadInputException(tests + " has "
                        + (chosen.isEmpty() ? "no test named *" + ENDING : "not all of " + String.join(", ", chosen)));
            }
            return files;
        } catch (IOException e) {
            throw new BadInputException(tests + " is not a folder of tests that can be read", e);
        }
    }

    private static void report(Path file, List<RouteTest.Result> results) throws IOException, XMLStreamException {
        try (Writer text = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "drover test");
            xml.writeAttribute("tests", String.valueOf(results.size()));
            xml.writeAttribute("failures", String.valueOf(failures(results)));
            for (RouteTest.Result result : results) {
                xml.writeStartElement("testcase");
                xml.writeAttribute("classname", "routes");
                xml.writeAttribute("name", result.name());
                xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", result.seconds()));
                if (!result.differences().isEmpty()) {
                    xml.writeStartElement("failure");
                    xml.writeAttribute("message", result.differences().get(0));
                    xml.writeCharacters(String.join("\n", result.differences()));
                    xml.writeEndElement();
                }
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        }
    }
}
