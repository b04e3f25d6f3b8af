package dev.drover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The Java 25 of this machine, if there is one: the image runs on it, the tests on the oldest that is supported. */
public final class Java25 {

    private Java25() {}

    /** {@code JAVA25_HOME}, or one that is installed beside the Java of this process. */
    public static Optional<Path> home() {
        return Optional.ofNullable(System.getenv("JAVA25_HOME"))
                .map(Path::of)
                .or(Java25::beside)
                .filter(home -> Files.isExecutable(home.resolve("bin/java")));
    }

    private static Optional<Path> beside() {
        Path here = Path.of(System.getProperty("java.home"));
        try (Stream<Path> homes = Files.list(here.toRealPath().getParent())) {
            return homes.filter(Java25::isIt).sorted().findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isIt(Path home) {
        Path release = home.resolve("release");
        try {
            return Files.isReadable(release) && Files.readString(release).contains("JAVA_VERSION=\"25");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
