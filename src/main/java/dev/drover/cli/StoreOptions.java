package dev.drover.cli;

import dev.drover.folder.RoutesFolder;
import dev.drover.runtime.Demo;
import dev.drover.runtime.OpenStore;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which store a command looks into: the one that the settings of a routes folder name, or that of the demo. */
final class StoreOptions {

    @Mixin
    private final RoutesOption routes = new RoutesOption();

    @Option(names = "--demo", description = "Use the store of the demo.")
    private boolean demo;

    /** Opens it; to be closed by the caller. */
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
