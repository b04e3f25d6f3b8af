package dev.drover.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One way to start the program.
 *
 * @param name what it is called in the result
 * @param java the Java that runs it
 * @param options options of that Java
 */
record StartContender(String name, Path java, List<String> options) {

    private static final Path JAR = Path.of("target", "drover.jar").toAbsolutePath();
    private static final Path ROUTES = Path.of("routes").toAbsolutePath();

    /** Those of the Dockerfile, but for the cache. */
    private static final List<String> OPTIONS = List.of(
            "@" + Path.of("src/main/jvm/compiler.options").toAbsolutePath(),
            "-XX:MaxRAMPercentage=75",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+UseCompressedOops",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-Dio.netty.noUnsafe=true",
            "-Djdk.serialFilter=!*");

    /** What a start had taken when the first batch arrived; the CPU time is that of all threads, the compilers' too. */
    record Start(Duration time, Duration cpu, double megabytes) {}

    /** The same Java with what a run of the demo teaches it, by an option that writes a file and one that reads it. */
    StartContender trained(String kind, String write, String read, Path folder) throws Exception {
        Path file = folder.resolve(kind + ".cache");
        Process demo = program(folder.resolve(kind), List.of(write + file), List.of("run", "--demo", "--drain"))
                .start();
        if (demo.waitFor() != 0 || !Files.exists(file)) {
            throw new IllegalStateException("the training run of " + name + " made no " + file);
        }
        return new StartContender(name + " + " + kind, java, List.of(read + file));
    }

    /** Starts it, waits for the first batch and kills it. */
    Start measure(FirstBatch receiver, Path folder, Map<String, String> environment) throws Exception {
        ProcessBuilder program = program(folder, options, List.of("run"));
        program.environment().putAll(environment);
        long began = System.nanoTime();
        Process process = program.start();
        try {
            long arrived = receiver.await(process);
            Duration cpu = process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
            return new Start(Duration.ofNanos(arrived - began), cpu, Meter.peak(process.pid()));
        } finally {
            process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
    }

    private ProcessBuilder program(Path folder, List<String> more, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString()));
        command.addAll(OPTIONS);
        command.addAll(more);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(words);
        command.addAll(List.of("--routes", ROUTES.toString()));
        return new ProcessBuilder(command)
                .directory(Files.createDirectories(folder).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
    }
}
