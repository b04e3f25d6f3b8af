package dev.drover.reload;

import dev.drover.folder.FindingsException;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.Settings;
import java.time.Duration;
import java.util.List;
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
     * Reads the settings.
     *
     * @param overrides settings that win over all others
     * @throws FindingsException naming the setting, its value and what is allowed
     */
    public static ReloadSettings of(RoutesFolder folder, Properties overrides) {
        Settings settings = new Settings(folder, overrides);
        String enabled = settings.value(ENABLED).orElse("false");
        if (!enabled.equals("true") && !enabled.equals("false")) {
            throw refused(folder, ENABLED, "'" + enabled + "' is not allowed, it must be true or false");
        }
        String millis = settings.value(PATIENCE).orElse("");
        if (!millis.matches("[0-9]{1,9}")) {
            throw refused(
                    folder,
                    PATIENCE,
                    "'" + millis + "' is not allowed, it must be a number of milliseconds, 0 to 999999999");
        }
        return new ReloadSettings(Boolean.parseBoolean(enabled), Duration.ofMillis(Long.parseLong(millis)));
    }

    private static FindingsException refused(RoutesFolder folder, String key, String message) {
        return new FindingsException(List.of(folder.finding(key, message)));
    }
}
