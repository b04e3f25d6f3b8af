package dev.drover.preflight;

import java.util.Optional;
import java.util.Properties;

/**
 * The values of the settings as camel-main will find them: what a command sets wins over the environment, that over the
 * folder's properties, those over the built-in ones.
 *
 * @param overrides what the command sets
 */
public record Settings(RoutesFolder folder, Properties overrides) {

    /** The value of a setting, empty if it has none. */
    public Optional<String> value(String key) {
        return Optional.ofNullable(overrides.getProperty(key))
                .or(() -> folder.setting(key))
                .or(() -> Optional.ofNullable(BuiltIn.properties().getProperty(key)));
    }
}
