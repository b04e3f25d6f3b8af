package dev.drover.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a process and tells what it spent. A shell starts it and asks the system for the CPU time of its child after
 * that has ended ({@code times}), so nothing is missed; the peak of the memory is what Linux notes as {@code VmHWM},
 * read every 50 ms.
 */
final class Meter {

    private static final int LONGEST_MINUTES = 10;
    private static final String SHELL = "\"$@\" >output.txt 2>&1; code=$?; times; exit $code";
    private static final Pattern TIME = Pattern.compile("(\\d+)m([0-9.]+)s");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private static final Pattern ERROR = Pattern.compile("(error|exception): ", Pattern.CASE_INSENSITIVE);

    private Meter() {}

    /**
     * Runs it to its end.
     *
     * @throws IOException when it failed or did not end, with the end of its output
     */
    static Usage run(Command command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "sh"));
        words.addAll(command.words());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(command.folder().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("DROVER_") || name.startsWith("JAVA_") || name.startsWith("JDK_"));
        builder.environment().putAll(command.environment());
        long begin = System.nanoTime();
        Process shell = builder.start();
        double memory = watch(shell);
        double wall = (System.nanoTime() - begin) / 1e9;
        String times = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (shell.exitValue() != 0) {
            throw new IOException("exit code " + shell.exitValue() + ": " + reason(command.folder()));
        }
        return new Usage(childrenCpu(times), wall, memory);
    }

    private static double watch(Process shell) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LONGEST_MINUTES);
        ProcessHandle child = null;
        double most = 0;
        while (!shell.waitFor(50, TimeUnit.MILLISECONDS)) {
            if (child == null) {
                child = shell.children().findFirst().orElse(null);
            } else {
                most = Math.max(most, peak(child.pid()));
            }
            if (System.nanoTime() > end) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly().waitFor();
                throw new IOException("did not end in " + LONGEST_MINUTES + " minutes");
            }
        }
        return most;
    }

    /** The most that a process has held so far, in MiB; 0 if it has ended. */
    static double peak(long pid) {
        try {
            Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            return peak.find() ? Long.parseLong(peak.group(1)) / 1024.0 : 0;
        } catch (IOException e) {
            return 0; // it has just ended
        }
    }

    /** The second line is that of the children: user and system time. */
    private static double childrenCpu(String times) {
        Matcher time = TIME.matcher(times.lines().skip(1).findFirst().orElseThrow());
        double seconds = 0;
        while (time.find()) {
            seconds += Integer.parseInt(time.group(1)) * 60 + Double.parseDouble(time.group(2));
        }
        return seconds;
    }

    /** The first line that speaks of an error, or the last line. */
    private static String reason(Path folder) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("output.txt"));
        String last = lines.isEmpty() ? "no output" : lines.get(lines.size() - 1);
        return lines.stream()
                .filter(line -> ERROR.matcher(line).find())
                .findFirst()
                .orElse(last);
    }
}
