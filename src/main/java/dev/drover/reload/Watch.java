package dev.drover.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a folder again and again. An editor writes in pieces, and a mounted volume changes file by file; so a state
 * of the folder counts only when several looks have found it. For one thread.
 */
final class Watch {

    private static final int LOOKS = 3;

    private final Path folder;
    private @Nullable Snapshot last;
    private int looks;

    Watch(Path folder) {
        this.folder = folder;
    }

    /** The state of the folder; empty while it changes, and while it cannot be read, as when it is being replaced. */
    Optional<Snapshot> look() {
        Snapshot now = now().orElse(null);
        looks = now != null && now.equals(last) ? looks + 1 : 1;
        last = now;
        return looks < LOOKS ? Optional.empty() : Optional.ofNullable(now);
    }

    /** Whether the folder has this state now; false also if it cannot be read. */
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
