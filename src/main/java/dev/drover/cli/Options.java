package dev.drover.cli;

import dev.drover.folder.BadInputException;
import dev.drover.folder.RoutesFolder;
import dev.drover.runtime.Demo;
import dev.drover.runtime.OpenStore;
import dev.drover.runtime.Terminal;
import java.io.Console;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that several commands share. */
final class Options {

    private Options() {}

    /** The folder of the routes and the settings. */
    static final class Routes {

        private static final Path DEFAULT = Path.of("routes");

        @Option(
                names = "--routes",
                paramLabel = "DIR",
                description = "The folder of the routes and the settings (default: ${DEFAULT-VALUE}).")
        private Path path = DEFAULT;

        /**
         * Opens the folder.
         *
         * @throws BadInputException if it is not a folder that can be read
         */
        RoutesFolder folder() {
            return RoutesFolder.open(path);
        }

        Path path() {
            return path;
        }

        /** The option for another command to use the same folder; empty for the default folder. */
        String words() {
            return path.equals(DEFAULT) ? "" : " --routes " + path;
        }
    }

    /** The store of a command: the one in the settings of the routes folder, or the store of the demo. */
    static final class Store {

        @Mixin
        private final Routes routes = new Routes();

        @Option(names = "--demo", description = "Use the store of the demo.")
        private boolean demo;

        /** Opens the store; the caller closes it. */
        OpenStore open() {
            return OpenStore.open(folder(), demo ? Demo.store() : Map.of());
        }

        RoutesFolder folder() {
            return routes.folder();
        }

        boolean isDemo() {
            return demo;
        }
    }

    /** Asks for confirmation before a command changes something permanently. */
    static final class Confirmation {

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        /**
         * Whether the user agrees.
         *
         * @param what a sentence without a full stop that says what will be done
         * @throws BadInputException if there is no terminal to ask on
         */
        boolean given(String what) {
            if (yes) {
                return true;
            }
            Console console = Terminal.console()
                    .orElseThrow(() -> new BadInputException(
                            what + ". Without a terminal to ask on, say --yes; nothing was changed"));
            String answer = console.readLine("%s. Go on? [y/N] ", what);
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        }
    }
}
