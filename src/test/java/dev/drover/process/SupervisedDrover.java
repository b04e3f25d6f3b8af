package dev.drover.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.RouteFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code drover run --watch} as a process of its own with the classes of this one, and a supervisor that starts it again
 * whenever it has ended or a pipeline has halted. Its clock can be shifted if gcc is installed. (libfaketime lets one Java
 * process in some dozens stand still for ever at its start.)
 */
final class SupervisedDrover implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Path routes;
    private final Path clock;
    private final boolean hasClock;
    private final ManagementPort port = new ManagementPort();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, Integer> starts = new TreeMap<>();
    private @Nullable DroverProcess process;

    SupervisedDrover(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        routes = Files.createDirectories(folder.resolve("routes"));
        clock = Files.write(folder.resolve("clock"), new byte[Long.BYTES]);
        hasClock = compileClock();
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
                hasClock ? Map.of("LD_PRELOAD", library().toString(), "CLOCK", clock.toString()) : Map.of(),
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

    /** A library that adds the seconds of a file to the time of day, and not to the clock that only counts. */
    private boolean compileClock() throws IOException, InterruptedException {
        Path source = Files.writeString(
                folder.resolve("clock.c"),
                """
                #include <fcntl.h>
                #include <stdlib.h>
                #include <sys/mman.h>
                #include <sys/syscall.h>
                #include <time.h>
                #include <unistd.h>
                static volatile long *shift = MAP_FAILED;
                __attribute__((constructor)) static void begin(void) {
                    shift = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, open(getenv("CLOCK"), O_RDONLY), 0);
                }
                int clock_gettime(clockid_t clock, struct timespec *now) {
                    int result = syscall(SYS_clock_gettime, clock, now);
                    if (result == 0 && clock == CLOCK_REALTIME && shift != MAP_FAILED) {
                        now->tv_sec += *shift;
                    }
                    return result;
                }
                """);
        try {
            Process gcc = new ProcessBuilder(
                            "gcc", "-shared", "-fPIC", "-O", "-o", library().toString(), source.toString())
                    .inheritIO()
                    .start();
            return gcc.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Path library() {
        return folder.resolve("clock.so");
    }

    /** Whether its clock can be shifted. */
    boolean hasClock() {
        return hasClock;
    }

    /** Sets its time of day forward, or back if it is negative, at once. */
    void shiftClock(long seconds) throws IOException {
        try (FileChannel shift = FileChannel.open(clock, StandardOpenOption.WRITE)) {
            ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            shift.write(number.putLong(seconds).flip());
        }
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
        List<String> said = new ArrayList<>(process().errors());
        return pipelines().stream()
                        .filter(pipeline -> pipeline.path("name").asText().equals(name))
                        .map(JsonNode::toString)
                        .collect(Collectors.joining())
                + "\nthe last lines of the process, alive " + process().isAlive() + ":\n"
                + String.join("\n", said.subList(Math.max(0, said.size() - 30), said.size()))
                + "\nits threads:\n"
                + threads(process().pid());
    }

    /** What the threads of a Java process do. */
    static String threads(long pid) {
        try {
            Process stacks = new ProcessBuilder("timeout", "20", "jstack", Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            return new String(stacks.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
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
