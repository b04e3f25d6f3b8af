package dev.drover.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The two packages that the Node program needs, installed by npm into a folder below target. */
final class NodePackages {

    private static final Path FOLDER = Path.of("target/bench/node").toAbsolutePath();

    private NodePackages() {}

    static Path program() {
        return FOLDER.resolve("send.mjs");
    }

    /** Installs them; gives false where Node, npm or a registry is missing. */
    static boolean install() {
        try {
            Files.createDirectories(FOLDER);
            for (String file : List.of("package.json", "send.mjs")) {
                Files.copy(Path.of("src/bench/node", file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            Process npm = new ProcessBuilder("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("npm.txt").toFile())
                    .start();
            return npm.waitFor(5, TimeUnit.MINUTES) && npm.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no npm
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
