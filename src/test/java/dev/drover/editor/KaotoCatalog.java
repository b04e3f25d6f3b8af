package dev.drover.editor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The catalog from which Kaoto draws Drover's steps and makes their forms: the stock catalog of Camel Main with the
 * component {@code pages} and the Kamelets. This class is also a program, described in {@code editors.md}: it makes the
 * catalog in {@code target/kaoto-catalog} and serves it, because Kaoto fetches a catalog by HTTP only.
 */
public final class KaotoCatalog {

    /** The npm package with the stock catalogs; {@link #VERSION} is the catalog nearest to the Camel of Drover. */
    private static final String STOCK = "@kaoto/camel-catalog@0.8.3";

    private static final String VERSION = "camel-main/4.18.2";
    private static final int PORT = 5190;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private KaotoCatalog() {}

    /** Makes the catalog from the folder that it is started in, and serves it until it is stopped. */
    public static void main(String[] arguments) throws Exception {
        Path catalog = Path.of("target/kaoto-catalog");
        make(catalog);
        serve(catalog, PORT);
        System.out.println("Kaoto's catalog is at http://127.0.0.1:" + PORT + "/index.json until this program ends");
    }

    /** Serves a folder to the pages of this machine. */
    static HttpServer serve(Path folder, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1))
                    .normalize();
            boolean found = file.startsWith(folder.normalize()) && Files.isRegularFile(file);
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            exchange.getResponseHeaders()
                    .set("Content-Type", Objects.requireNonNullElse(Files.probeContentType(file), "text/plain"));
            exchange.sendResponseHeaders(found ? 200 : 404, found ? Files.size(file) : -1);
            if (found) {
                Files.copy(file, exchange.getResponseBody());
            }
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Makes the catalog; downloads the stock part only if it is not there from an earlier time. */
    static void make(Path folder) throws IOException, InterruptedException {
        Path stock = folder.resolve("package/dist/camel-catalog");
        if (!Files.exists(stock)) {
            Files.createDirectories(folder);
            run(folder, "npm", "pack", "--silent", STOCK);
            try (Stream<Path> files = Files.list(folder)) {
                Path archive = files.filter(file -> file.toString().endsWith(".tgz"))
                        .findFirst()
                        .orElseThrow();
                String wanted = "package/dist/camel-catalog/";
                run(folder, "tar", "xzf", archive.getFileName().toString(), wanted + VERSION, wanted + "index.json");
                Files.delete(archive);
            }
        }
        ObjectNode definition = null;
        for (JsonNode one : JSON.readTree(stock.resolve("index.json").toFile()).path("definitions")) {
            if (one.path("fileName").asText().startsWith(VERSION + "/")) {
                definition = (ObjectNode) one;
            }
        }
        Path index = stock.resolve(
                Objects.requireNonNull(definition).path("fileName").asText());
        ObjectNode parts = (ObjectNode) JSON.readTree(index.toFile());
        JsonNode catalogs = parts.path("catalogs");
        add(index, catalogs.path("components"), "components.json", Map.of("pages", pages()));
        add(index, catalogs.path("kamelets"), "kamelets.json", kamelets());
        JSON.writeValue(index.resolveSibling("drover.json").toFile(), parts);
        definition.put("name", definition.path("name").asText() + " with Drover");
        definition.put("fileName", "package/dist/camel-catalog/" + VERSION + "/drover.json");
        JSON.writeValue(folder.resolve("index.json").toFile(), Map.of("definitions", List.of(definition)));
    }

    private static void add(Path index, JsonNode part, String name, Map<String, JsonNode> own) throws IOException {
        ObjectNode entries = (ObjectNode)
                JSON.readTree(index.resolveSibling(part.path("file").asText()).toFile());
        entries.setAll(own);
        JSON.writeValue(index.resolveSibling(name).toFile(), entries);
        ((ObjectNode) part).put("file", name);
    }

    private static JsonNode pages() throws IOException {
        try (InputStream in = KaotoCatalog.class.getResourceAsStream("/META-INF/dev/drover/pages/pages.json")) {
            ObjectNode pages =
                    (ObjectNode) JSON.readTree(Objects.requireNonNull(in, "Drover is not in the class path"));
            ObjectNode schema = pages.putObject("propertiesSchema").put("type", "object");
            for (Map.Entry<String, JsonNode> option : pages.path("properties").properties()) {
                JsonNode said = option.getValue();
                ObjectNode shown = schema.withObjectProperty("properties").putObject(option.getKey());
                shown.put("title", said.path("displayName").asText());
                shown.put("description", said.path("description").asText());
                String type = said.path("type").asText();
                shown.put("type", List.of("integer", "boolean").contains(type) ? type : "string");
                shown.put("$comment", "group:" + said.path("group").asText());
                List.of("enum", "defaultValue").forEach(key -> {
                    if (said.has(key)) {
                        shown.set(key.equals("enum") ? key : "default", said.get(key));
                    }
                });
                if (said.path("required").asBoolean()) {
                    schema.withArrayProperty("required").add(option.getKey());
                }
            }
            return pages;
        }
    }

    private static Map<String, JsonNode> kamelets() throws IOException {
        Map<String, JsonNode> kamelets = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("routes/kamelets"))) {
            for (Path file : files.toList()) {
                ObjectNode kamelet = (ObjectNode) YAML.readTree(file.toFile());
                kamelet.set("propertiesSchema", kamelet.at("/spec/definition"));
                kamelets.put(kamelet.at("/metadata/name").asText(), kamelet);
            }
        }
        return kamelets;
    }

    static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }
}
