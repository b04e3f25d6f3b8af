package dev.drover.reload;

import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import java.time.Duration;
import java.util.Properties;

/**
 * The settings of the reload.
 *
 * @param enabled whether changed route files are reloaded at runtime
 * @param patience how long records in flight may take to settle before their routes are replaced
 */
public record ReloadSettings(boolean enabled, Duration patience) {

    private static final String ENABLED = "drover.reload.enabled";
    private static final String PATIENCE = "drover.reload.patience";

    /**
     * Reads the settings of a folder that was checked.
     *
     * @param overrides settings that win over all others
     */
    public static ReloadSettings of(RoutesFolder folder, Properties overrides) {
        Settings settings = new Settings(folder, overrides);
        long millis = settings.value(PATIENCE).map(Long::parseLong).orElseThrow();
        return new ReloadSettings(
                settings.value(ENABLED).filter("true"::equalsIgnoreCase).isPresent(), Duration.ofMillis(millis));
    }
}
