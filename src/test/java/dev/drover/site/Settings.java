package dev.drover.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The names of settings: those that come with Drover, and those that its examples name. */
final class Settings {

    private Settings() {}

    static boolean isSetting(String key) throws IOException {
        String text = text();
        return text.contains(key + " =") || text.contains("{{" + key + "}}") || text.contains("{{" + key + ":");
    }

    /** Whether it is the name of a variable for a setting; an example may name one of its own. */
    static boolean isVariable(String name) throws IOException {
        String key = name.replaceFirst("_FILE$", "").toLowerCase(Locale.ROOT).replace('_', '.');
        String text = text().toLowerCase(Locale.ROOT);
        return Stream.of(key + " =", "{{" + key + "}}", "{{" + key + ":", "env:" + name.toLowerCase(Locale.ROOT) + "}")
                .anyMatch(text::contains);
    }

    private static String text() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path file : all) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
