package dev.drover.process;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code java -jar target/drover.jar}, in a folder of its own, with nothing of this process's own settings. */
final class DroverProcess implements AutoCloseable {

    static final Path JAR = Path.of("target", "drover.jar").toAbsolutePath();
    static final Path ROUTES = Path.of("routes").toAbsolutePath();

    private final Process process;
    private final Path out;
    private final Path err;

    private DroverProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a Java process with these arguments. */
    static DroverProcess start(Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return launch(folder, environment, new ProcessBuilder(java(arguments)));
    }

    private static List<String> java(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        return command;
    }

    private static DroverProcess launch(Path folder, Map<String, String> environment, ProcessBuilder builder)
            throws IOException {
        Path out = Files.createTempFile("drover-out", ".txt");
        Path err = Files.createTempFile("drover-err", ".txt");
        builder.directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DROVER_") || name.startsWith("JAVA_TOOL"));
        builder.environment().putAll(environment);
        return new DroverProcess(builder.start(), out, err);
    }

    /** Starts a line as a shell takes it; a signal reaches the program, in whose place the shell is. */
    static DroverProcess line(Path folder, Map<String, String> environment, String line) throws IOException {
        return launch(folder, environment, new ProcessBuilder("bash", "-c", "exec " + line));
    }

    /** Starts {@code drover run} with the product's own routes. */
    static DroverProcess run(Path folder, Map<String, String> environment, String... options) throws IOException {
        return run(folder, ROUTES, environment, options);
    }

    /** The same with other routes. */
    static DroverProcess run(Path folder, Path routes, Map<String, String> environment, String... options)
            throws IOException {
        List<String> arguments = jar(environment, "run", "--routes", routes.toString());
        arguments.addAll(List.of(options));
        return start(folder, environment, arguments);
    }

    /** Starts {@code drover dead-letters replay --all} with the product's own routes. */
    static DroverProcess replayAll(Path folder, Map<String, String> environment) throws IOException {
        return start(
                folder,
                environment,
                jar(environment, "dead-letters", "replay", "--all", "--routes", ROUTES.toString()));
    }

    /** Runs a command over the product's own routes to its end. */
    static DroverProcess command(Path folder, Map<String, String> environment, String... words) throws Exception {
        List<String> arguments = jar(environment, words);
        arguments.addAll(List.of("--routes", ROUTES.toString()));
        DroverProcess drover = start(folder, environment, arguments);
        drover.await();
        return drover;
    }

    /** Runs a command in this folder, over its own routes, to its end. */
    static DroverProcess in(Path folder, Map<String, String> environment, String... words) throws Exception {
        DroverProcess drover = start(folder, environment, jar(environment, words));
        drover.await();
        return drover;
    }

    /** The same on a terminal, where someone types these lines; what is said comes as one output. */
    static DroverProcess onTerminal(Path folder, Map<String, String> environment, List<String> typed, String... words)
            throws Exception {
        Path input = Files.write(Files.createTempFile("drover-in", ".txt"), typed);
        String command = String.join(" ", java(jar(environment, words)));
        ProcessBuilder terminal =
                new ProcessBuilder("script", "-qec", command, "/dev/null").redirectInput(input.toFile());
        DroverProcess drover = launch(folder, environment, terminal);
        drover.await();
        return drover;
    }

    /** The password that a process made for an H2 file of its own, such as {@code data/store}. */
    static String password(Path folder, String database) throws IOException {
        return Files.readString(folder.resolve(database + ".password")).strip();
    }

    /** The options with which Java starts fast: a small heap, no second compiler, and an archive of classes. */
    static List<String> fast() {
        return List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:SharedArchiveFile=" + ClassArchive.FILE);
    }

    /** Starts fast unless the test says how Java runs. */
    private static List<String> jar(Map<String, String> environment, String... words) {
        List<String> arguments = new ArrayList<>(environment.containsKey("JAVA_TOOL_OPTIONS") ? List.of() : fast());
        arguments.addAll(List.of("-jar", JAR.toString()));
        arguments.addAll(List.of(words));
        return arguments;
    }

    /** Waits for the end and gives the exit code. */
    int await() throws InterruptedException {
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the process did not end in five minutes: " + errors());
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it stand still, with all its threads, until it is resumed; to it, no time passes. */
    void pause() throws Exception {
        signal("STOP");
    }

    void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("the process got no signal " + name);
        }
    }

    /** As {@code kill} does; gives the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return await();
    }

    List<String> output() {
        return lines(out);
    }

    List<String> errors() {
        return lines(err);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The classes of the demo, parsed and verified once for all processes of the tests; Java ignores a stale archive. */
    private static final class ClassArchive {

        static final Path FILE = made();

        private static Path made() {
            try {
                Path archive = JAR.resolveSibling(
                        "drover-" + Files.getLastModifiedTime(JAR).toMillis() + ".jsa");
                try (FileChannel lock = FileChannel.open(JAR.resolveSibling("archive.lock"), CREATE, WRITE)) {
                    lock.lock();
                    if (!Files.exists(archive)) {
                        removeStale();
                        List<String> demo = List.of(
                                "-XX:ArchiveClassesAtExit=" + archive,
                                "-jar",
                                JAR.toString(),
                                "run",
                                "--demo",
                                "--drain",
                                "--routes",
                                ROUTES.toString());
                        start(Files.createTempDirectory("drover-demo"), Map.of(), demo)
                                .await();
                    }
                }
                return archive;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Those of earlier jars. A process that still runs keeps what it has opened. */
        private static void removeStale() throws IOException {
            try (DirectoryStream<Path> stale = Files.newDirectoryStream(JAR.getParent(), "drover-*.jsa")) {
                for (Path archive : stale) {
                    Files.deleteIfExists(archive);
                }
            }
        }
    }
}
