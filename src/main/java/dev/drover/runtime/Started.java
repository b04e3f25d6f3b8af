package dev.drover.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the first process of a container was started to do.
 *
 * @param words its command and options; empty when it is not {@code java -jar} with the jar of Drover
 */
public record Started(List<String> words) {

    private static final Path FIRST = Path.of("/proc/1/cmdline");

    /** As the kernel shows it; an init process in between repeats the words of what it starts. */
    public static Started first() {
        try {
            return of(Files.readString(FIRST, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Started(List.of()); // hidden, or no Linux
        }
    }

    /** Of a command line whose words end with NUL each. */
    static Started of(String line) {
        List<String> all = List.of(line.split("\0"));
        for (int i = 0; i < all.size(); i++) {
            if (i > 0 && all.get(i).endsWith("drover.jar") && all.get(i - 1).equals("-jar")) {
                return new Started(all.subList(i + 1, all.size()));
            }
        }
        return new Started(List.of());
    }

    /** The command, if it is known and opens no management port whatever the settings are; else empty. */
    public String commandWithoutPort() {
        return words.isEmpty() || words.get(0).equals("run") ? "" : words.get(0);
    }

    /** The folder of its routes. */
    public Path routes() {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith("--routes=")) {
                return Path.of(words.get(i).substring("--routes=".length()));
            }
            if (words.get(i).equals("--routes") && i + 1 < words.size()) {
                return Path.of(words.get(i + 1));
            }
        }
        return Path.of("routes");
    }
}
