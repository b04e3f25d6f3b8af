package dev.drover.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands of the machine. */
final class Commands {

    private Commands() {}

    /** What a command that ended said. */
    record Result(int exitCode, List<String> output, List<String> errors) {}

    /** Runs a command that must succeed, and gives what it printed. */
    static String output(List<String> command) throws IOException, InterruptedException {
        Result result = run(command);
        if (result.exitCode() != 0) {
            throw new AssertionError(String.join(" ", command) + "\nexit code " + result.exitCode() + "\n"
                    + String.join("\n", result.output()) + "\n" + String.join("\n", result.errors()));
        }
        return String.join("\n", result.output());
    }

    static Result run(List<String> command) throws IOException, InterruptedException {
        try (Running running = start(command)) {
            return running.await();
        }
    }

    static Running start(List<String> command) throws IOException {
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Running(process, out, err);
    }

    /** A command that has been started. */
    record Running(Process process, Path out, Path err) implements AutoCloseable {

        Result await() throws IOException, InterruptedException {
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                throw new AssertionError("still running after ten minutes: " + Files.readAllLines(err));
            }
            return new Result(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
        }

        @Override
        public void close() throws IOException {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }
}
