package dev.drover.folder;

import java.util.Optional;
import java.util.Properties;

/**
 * The values of the settings as camel-main will find them: what a command sets wins over the environment, that over the
 * folder's properties, those over the built-in ones.
 *
 * @param overrides what the command sets
 */
public record Settings(RoutesFolder folder, Properties overrides) {

    /** The value of a setting, or of a variable such as {@code env:ORDERS_URL}; empty if it has none. */
    public Optional<String> value(String key) {
        if (key.startsWith("env:")) {
            return Optional.ofNullable(System.getenv(key.substring("env:".length())))
                    .or(() -> Optional.ofNullable(overrides.getProperty(key)));
        }
        return Optional.ofNullable(overrides.getProperty(key))
                .or(() -> folder.setting(key))
                .or(() -> Optional.ofNullable(BuiltIn.properties().getProperty(key)));
    }
}
