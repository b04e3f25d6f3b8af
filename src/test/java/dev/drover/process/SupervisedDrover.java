package dev.drover.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.RouteFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code drover run --watch} as a process of its own with the classes of this one, and a supervisor that starts it again
 * whenever it has ended or a pipeline has halted. Its clock can be set if libfaketime is installed.
 */
final class SupervisedDrover implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Path routes;
    private final Path clock;
    private final ManagementPort port = new ManagementPort();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, Integer> starts = new TreeMap<>();
    private @Nullable DroverProcess process;

    SupervisedDrover(Path folder) throws IOException {
        this.folder = folder;
        routes = Files.createDirectories(folder.resolve("routes"));
        clock = Files.writeString(folder.resolve("clock"), "+0");
        set("drover.management.enabled", true).set("drover.management.port", port.number());
    }

    SupervisedDrover set(String key, Object value) {
        settings.put(key, value.toString());
        return this;
    }

    /** Adds a file, or changes it while it runs. */
    SupervisedDrover write(RouteFile file) {
        file.writeTo(routes);
        return this;
    }

    /** Starts it, for this reason. */
    void start(String reason) throws IOException {
        starts.merge(reason, 1, Integer::sum);
        Files.write(
                routes.resolve("application.properties"),
                settings.entrySet().stream()
                        .map(each -> each.getKey() + " = " + each.getValue())
                        .toList());
        process = DroverProcess.start(
                folder,
                environment(),
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                                .splitAsStream(System.getProperty("java.class.path"))
                                .map(each -> Path.of(each).toAbsolutePath().toString())
                                .collect(Collectors.joining(File.pathSeparator)),
                        "dev.drover.cli.Main",
                        "run",
                        "--watch",
                        "--routes",
                        routes.toString()));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        fakeTime().ifPresent(library -> {
            environment.put("LD_PRELOAD", library.toString());
            environment.put("FAKETIME_TIMESTAMP_FILE", clock.toString());
            environment.put("FAKETIME_CACHE_DURATION", "1");
            environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0"); // with it, waits of Java never end
        });
        return environment;
    }

    /** The library that shifts the clock of a process. */
    static Optional<Path> fakeTime() {
        return Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")
                .map(folder -> Path.of(folder, "faketime", "libfaketimeMT.so.1"))
                .filter(Files::exists)
                .findFirst();
    }

    /** Sets its clock forward, or back if it is negative; the clock that only counts goes on as before. */
    void shiftClock(long seconds) throws IOException {
        Path next = Files.writeString(folder.resolve("clock.next"), (seconds < 0 ? "" : "+") + seconds);
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    DroverProcess process() {
        if (process == null) {
            throw new IllegalStateException("it was not started");
        }
        return process;
    }

    /**
     * Starts it again if it has ended, or ends it and starts it again if a pipeline has halted.
     *
     * @param expected whether a pipeline may halt for this reason
     */
    void supervise(Predicate<String> expected) throws Exception {
        if (!process().isAlive()) {
            start("exit " + process().await());
            return;
        }
        List<String> halts = halts();
        if (!halts.stream().allMatch(expected)) {
            throw new AssertionError("halted: " + halts);
        }
        if (!halts.isEmpty()) {
            process().terminate();
            start("halted");
        }
    }

    List<String> halts() {
        return pipelines().stream()
                .map(pipeline -> pipeline.path("state"))
                .filter(state -> state.path("word").asText().equals("halted"))
                .map(state -> state.path("reason").asText())
                .toList();
    }

    /** What the console says of its pipelines; nothing while it cannot be asked. */
    List<JsonNode> pipelines() {
        List<JsonNode> pipelines = new ArrayList<>();
        try {
            JSON.readTree(port.get("/console/status").body()).path("pipelines").forEach(pipelines::add);
        } catch (UncheckedIOException | JsonProcessingException e) {
            return List.of(); // it starts, stands still or has ended
        }
        return pipelines;
    }

    /** What the console says of this pipeline, and what the process said last. */
    String state(String name) {
        List<String> said = process().errors();
        return pipelines().stream()
                        .filter(pipeline -> pipeline.path("name").asText().equals(name))
                        .map(JsonNode::toString)
                        .collect(Collectors.joining())
                + "\nthe last lines of the process, alive " + process().isAlive() + ":\n"
                + String.join("\n", said.subList(Math.max(0, said.size() - 30), said.size()));
    }

    /** Has it send the dead letters of this pipeline again; does nothing while it cannot be asked. */
    void replay(String pipeline) {
        try {
            port.post("/console/replay", "{\"pipeline\": \"" + pipeline + "\"}");
        } catch (UncheckedIOException e) {
            // it starts, stands still or has ended
        }
    }

    /** How many times it was started, by reason. */
    Map<String, Integer> starts() {
        return starts;
    }

    /** The memory that it takes, and its threads, as the system says. */
    String size() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process().pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("Threads"))
                .map(line -> line.replaceAll("\\s+", " "))
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
