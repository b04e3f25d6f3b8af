package dev.drover.routetest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.folder.BadInputException;
import dev.drover.folder.FindingsException;
import dev.drover.folder.Placeholders;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import dev.drover.folder.StartFailure;
import dev.drover.ledger.Cursor;
import dev.drover.lint.FolderCheck;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.PagesEndpoint;
import dev.drover.pages.Pipeline;
import dev.drover.store.DeadLetter;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListener;
import org.apache.camel.main.MainListenerSupport;

/**
 * Runs the user's own routes once for a test. Their source is an H2 database in memory with the rows of the test, and
 * their service is a server on the loopback address. No request is sent to a configured address.
 */
public final class RouteTest {

    private static final String H2 = ";DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestFile test;
    private final RoutesFolder folder;
    private final Map<String, Pipeline> pipelines = new LinkedHashMap<>();

    private RouteTest(TestFile test, RoutesFolder folder) {
        this.test = test;
        this.folder = folder;
    }

    /**
     * The result of a test.
     *
     * @param name the name of the test
     * @param differences one line for each difference; none if the test has passed
     * @param seconds the time that it took
     */
    public record Result(String name, List<String> differences, double seconds) {}

    /**
     * Runs a test.
     *
     * @param file the test
     * @param folder the routes, of which the test may choose some
     * @throws BadInputException if the test is invalid, or {@code run} would refuse the routes
     */
    public static Result run(Path file, RoutesFolder folder) throws Exception {
        long begun = System.nanoTime();
        TestFile test = TestFile.read(file);
        List<String> differences = new RouteTest(test, chosen(test, folder)).run();
        return new Result(test.name(), differences, (System.nanoTime() - begun) / 1e9);
    }

    private static RoutesFolder chosen(TestFile test, RoutesFolder folder) {
        JsonNode names = test.content().path("routes");
        List<Path> files = new ArrayList<>();
        names.forEach(name -> files.add(folder.files().stream()
                .filter(file -> file.endsWith(name.asText()))
                .findFirst()
                .orElseThrow(() -> new BadInputException(
                        test.path() + ": routes: there is no file " + name.asText() + " in " + folder.path()))));
        return files.isEmpty() ? folder : new RoutesFolder(folder.path(), files, folder.properties());
    }

    private List<String> run() throws Exception {
        List<Path> secrets = new ArrayList<>();
        try {
            return run(secretSettings(secrets));
        } finally {
            for (Path secret : secrets) {
                Files.delete(secret);
            }
        }
    }

    /** Puts each secret of the test into a file, because routes name the place of a secret and not its value. */
    private Map<String, String> secretSettings(List<Path> files) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> secret : test.content().path("secrets").properties()) {
            Path file = Files.createTempFile("drover-test", ".secret");
            files.add(file);
            Files.writeString(file, secret.getValue().asText());
            settings.put(secret.getKey(), "file:" + file);
        }
        return settings;
    }

    @SuppressWarnings("try") // an open connection keeps its database in memory
    private List<String> run(Map<String, String> secrets) throws Exception {
        String id = UUID.randomUUID().toString();
        String source = "jdbc:h2:mem:source-" + id + H2;
        String store = "jdbc:h2:mem:store-" + id + H2;
        try (TestService service = new TestService(test.content().path("service"));
                Connection rows = DriverManager.getConnection(source, "drover", "");
                Connection kept = DriverManager.getConnection(store, "drover", "")) {
            fill(rows);
            Main camel = LoadedRoutes.configured(folder, settings(source, store, service, secrets));
            camel.addMainListener(refuseOthers(service));
            FolderCheck check = new FolderCheck(folder, camel.getOverrideProperties());
            FindingsException.refuse(check.written());
            try (LoadedRoutes loaded = LoadedRoutes.start(folder, camel)) {
                FindingsException.refuse(check.pipelines(loaded.context()));
                return compare(loaded.context(), service);
            }
        }
    }

    private void fill(Connection source) {
        try {
            source.createStatement().execute(test.content().path("schema").asText("SELECT 1"));
            for (Map.Entry<String, JsonNode> table : test.content().path("rows").properties()) {
                for (JsonNode row : table.getValue()) {
                    insert(source, table.getKey(), row);
                }
            }
        } catch (SQLException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new BadInputException(test.path() + ": the source cannot be filled: " + reason, e);
        }
    }

    private static void insert(Connection source, String table, JsonNode row) throws SQLException {
        List<String> columns = new ArrayList<>();
        row.fieldNames().forEachRemaining(columns::add);
        String marks = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
        String sql = "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES (" + marks + ")";
        try (PreparedStatement insert = source.prepareStatement(sql)) {
            for (int i = 0; i < columns.size(); i++) {
                JsonNode value = row.get(columns.get(i));
                insert.setObject(
                        i + 1, value.isNull() ? null : value.isNumber() ? value.decimalValue() : value.asText());
            }
            insert.execute();
        }
    }

    /** Replaces the host of every address in the settings by the service of the test. */
    private Map<String, String> settings(
            String source, String store, TestService service, Map<String, String> secrets) {
        Map<String, String> settings = new LinkedHashMap<>(secrets);
        settings.putAll(Map.of(
                "camel.main.autoStartup", "false",
                "camel.main.routesIncludePattern",
                        folder.files().stream().map(file -> "file:" + file).collect(Collectors.joining(",")),
                "camel.component.pages.mode", "DRAIN",
                "drover.source.url", source,
                "drover.source.username", "drover",
                "drover.source.password", "",
                "drover.source.promises", "keysGrow",
                "drover.store.url", store,
                "drover.store.password", "",
                "drover.delivery.parallelism", "1"));
        Settings known = new Settings(folder, new Properties());
        for (String key : new Placeholders(folder, known).keys()) {
            String value = known.value(key).orElse("http://");
            if (value.matches("(?s)https?://.*")) {
                String path = value.replaceFirst("https?://[^/?]*", "");
                settings.putIfAbsent(key, service.url() + (path.isEmpty() ? "/" + path(key) : path));
            }
        }
        test.content()
                .path("settings")
                .properties()
                .forEach(setting ->
                        settings.put(setting.getKey(), setting.getValue().asText()));
        return settings;
    }

    /** The path for a setting without an address: {@code orders} for {@code drover.orders.url}. */
    private static String path(String setting) {
        return setting.replaceFirst("^drover\\.", "").replaceFirst("\\.url$", "");
    }

    /**
     * Refuses every remote endpoint except the service, including one that a {@code toD} creates at run time. A pipeline
     * reads at once, whatever its schedule is.
     */
    private static MainListener refuseOthers(TestService service) {
        return new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                main.getCamelContext().getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
                    if (endpoint instanceof PagesEndpoint pages) {
                        pages.setSchedule(null);
                    }
                    String address = endpoint.getEndpointBaseUri();
                    if (endpoint.isRemote()
                            && !address.matches("(sql|pages|kamelet):.*")
                            && !address.startsWith(service.url())) {
                        throw new IllegalArgumentException(address.replaceFirst("[?].*", "")
                                + " is not the service of the test; make that address a setting");
                    }
                    return endpoint;
                });
            }
        };
    }

    private List<String> compare(CamelContext context, TestService service) throws Exception {
        List<String> differences = new ArrayList<>();
        try {
            if (!runInTurn(context)) {
                differences.add("the pipelines have not ended after " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw StartFailure.explain(folder, context, e);
        }
        ObjectNode expected = TestFile.JSON.createObjectNode();
        expected.putArray("deadLetters");
        expected.putObject("halted");
        if (test.content().path("expect") instanceof ObjectNode written) {
            expected.setAll(written);
        }
        differences.addAll(Difference.between(expected, happened(context, service)));
        return differences;
    }

    /** Runs one pipeline after the other, so that their requests have an order. */
    private boolean runInTurn(CamelContext context) throws Exception {
        PagesComponent pages = context.getComponent("pages", PagesComponent.class);
        List<String> readers = new ArrayList<>();
        for (Route route : context.getRoutes()) {
            if (route.getEndpoint() instanceof PagesEndpoint) {
                readers.add(route.getRouteId());
            } else {
                context.getRouteController().startRoute(route.getRouteId());
            }
        }
        if (readers.isEmpty()) {
            throw new BadInputException(test.path() + ": routes: no route reads pages, so there is nothing to test");
        }
        for (int started = 0; started < readers.size(); started++) {
            context.getRouteController().startRoute(readers.get(started));
            if (!awaitEnd(pages, started + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean awaitEnd(PagesComponent pages, int started) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        do {
            Thread.sleep(20);
            pages.pipelines().forEach(pipeline -> pipelines.put(pipeline.name(), pipeline));
        } while (!isEnded(pages, started) && System.nanoTime() < end);
        return isEnded(pages, started);
    }

    private boolean isEnded(PagesComponent pages, int started) {
        return pipelines.size() == started
                && pages.waiting().isEmpty()
                && pipelines.values().stream()
                        .allMatch(pipeline -> pipeline.state() == Pipeline.State.FINISHED
                                || pipeline.state() == Pipeline.State.HALTED);
    }

    private ObjectNode happened(CamelContext context, TestService service) {
        ObjectNode happened = TestFile.JSON.createObjectNode();
        happened.set("requests", service.requests());
        List<DeadLetter> letters = new ArrayList<>(DeadLetterStore.of(context).list(Selection.of(List.of()), 1000));
        letters.sort(Comparator.comparing(DeadLetter::pipeline).thenComparing(DeadLetter::key));
        for (DeadLetter letter : letters) {
            String payload = letter.payload();
            happened.withArray("deadLetters")
                    .addObject()
                    .put("pipeline", letter.pipeline())
                    .put("key", letter.key())
                    .put("status", letter.status())
                    .put("reason", letter.reason())
                    .set("payload", payload == null ? null : TestService.json(payload));
        }
        happened.withArray("deadLetters");
        ObjectNode checkpoints = happened.putObject("checkpoint");
        ObjectNode halted = happened.putObject("halted");
        pipelines.values().forEach(pipeline -> {
            checkpoints.put(
                    pipeline.name(), pipeline.checkpoint().map(Cursor::toString).orElse(""));
            pipeline.ledger().halted().ifPresent(reason -> halted.put(pipeline.name(), reason));
        });
        return happened;
    }
}
