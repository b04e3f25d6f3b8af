package dev.drover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of {@code routes/}, and what a user's hand changes in it. A change whose place is not there exactly once
 * fails, so that no test goes on with a file in which it changed nothing.
 */
public record RouteFile(String name, String text) {

    public static RouteFile of(String path) {
        try {
            return new RouteFile(Path.of(path).getFileName().toString(), Files.readString(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces the only place where {@code old} stands. */
    public RouteFile replace(String old, String replacement) {
        int first = text.indexOf(old);
        if (first < 0 || text.indexOf(old, first + 1) >= 0) {
            throw new IllegalStateException(name + " must have exactly one: " + old);
        }
        return new RouteFile(name, text.replace(old, replacement));
    }

    /** Puts lines before the only line that is {@code line}, as deep as that one. */
    public RouteFile before(String line, String... lines) {
        return beside(line, String.join("\n", lines) + "\n" + line);
    }

    /** Puts lines after the only line that is {@code line}, as deep as that one. */
    public RouteFile after(String line, String... lines) {
        return beside(line, line + "\n" + String.join("\n", lines));
    }

    private RouteFile beside(String line, String lines) {
        int at = text.indexOf("\n", 0) < 0 ? -1 : indexOfLine(line);
        String indent = text.substring(text.lastIndexOf('\n', at) + 1, at);
        return new RouteFile(
                name, text.substring(0, at) + lines.replace("\n", "\n" + indent) + text.substring(at + line.length()));
    }

    private int indexOfLine(String line) {
        int found = -1;
        for (int at = text.indexOf(line); at >= 0; at = text.indexOf(line, at + 1)) {
            boolean whole = text.substring(text.lastIndexOf('\n', at) + 1, at).isBlank()
                    && text.startsWith("\n", at + line.length());
            if (whole && found >= 0) {
                throw new IllegalStateException(name + " has several lines: " + line);
            }
            found = whole ? at : found;
        }
        if (found < 0) {
            throw new IllegalStateException(name + " has no line: " + line);
        }
        return found;
    }

    /** Writes it into this folder, and says where it is. */
    public Path writeTo(Path folder) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
