package dev.drover.reload;

import dev.drover.folder.RoutesFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the files of a folder, which are a few kilobytes. Comparing contents finds every change, also on a mounted
 * volume that keeps time stamps and behind a symbolic link.
 *
 * @param contents by the path of the file inside the folder; one character per byte, because a file may be binary
 */
record Snapshot(Map<String, String> contents) {

    private static final Path KAMELETS = Path.of("kamelets");

    /**
     * Reads the files that a process loads from its folder: routes, settings, Kamelets.
     *
     * @throws IOException if a file cannot be read now
     */
    static Snapshot of(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        add(contents, folder, Path.of(""), Set.of(".camel.yaml", RoutesFolder.PROPERTIES));
        if (Files.isDirectory(folder.resolve(KAMELETS))) {
            add(contents, folder, KAMELETS, Set.of(".kamelet.yaml"));
        }
        return new Snapshot(contents);
    }

    private static void add(Map<String, String> contents, Path folder, Path inside, Set<String> endings)
            throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve(inside))) {
            for (Path file : entries.toList()) {
                String name = file.getFileName().toString();
                if (endings.stream().anyMatch(name::endsWith) && Files.isRegularFile(file)) {
                    contents.put(inside.resolve(name).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    /** The files that differ or exist in only one of the snapshots. */
    Set<String> differences(Snapshot other) {
        Set<String> names = new TreeSet<>(contents.keySet());
        names.addAll(other.contents.keySet());
        names.removeIf(name -> contents.containsKey(name) && contents.get(name).equals(other.contents.get(name)));
        return names;
    }

    /**
     * Reads a folder repeatedly. An editor writes in pieces, and a mounted volume changes file by file. So a state of the
     * folder counts only after several equal reads. For one thread.
     */
    static final class Looks {

        private static final int ENOUGH = 3;

        private final Path folder;
        private @Nullable Snapshot last;
        private int same;

        Looks(Path folder) {
            this.folder = folder;
        }

        /** The state of the folder; empty while the folder changes or cannot be read. */
        Optional<Snapshot> look() {
            Snapshot now = now().orElse(null);
            same = now != null && now.equals(last) ? same + 1 : 1;
            last = now;
            return same < ENOUGH ? Optional.empty() : Optional.ofNullable(now);
        }

        /** Whether the folder has this state now; false if it cannot be read. */
        boolean isAt(Snapshot state) {
            return now().filter(state::equals).isPresent();
        }

        private Optional<Snapshot> now() {
            try {
                return Optional.of(Snapshot.of(folder));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }
}
