package dev.drover.cli;

import dev.drover.folder.RoutesFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the routes and the settings are. */
final class RoutesOption {

    private static final Path DEFAULT = Path.of("routes");

    @Option(
            names = "--routes",
            paramLabel = "DIR",
            description = "The folder of the routes and the settings (default: ${DEFAULT-VALUE}).")
    private Path path = DEFAULT;

    /**
     * Opens it.
     *
     * @throws dev.drover.folder.BadInputException if it is not a folder that can be read
     */
    RoutesFolder folder() {
        return RoutesFolder.open(path);
    }

    Path path() {
        return path;
    }

    /** The option that makes another command use the same folder; empty for the default folder. */
    String words() {
        return path.equals(DEFAULT) ? "" : " --routes " + path;
    }
}
