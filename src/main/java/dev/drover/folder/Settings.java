package dev.drover.folder;

import dev.drover.route.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The values of the settings, with the precedence of camel-main: overrides of the command, environment, properties of
 * the folder, built-in properties.
 *
 * @param overrides the settings of the command
 */
public record Settings(RoutesFolder folder, Properties overrides) {

    /** Where the kind of the default is not the kind of the setting, or the bean behind it says more. */
    private static final Map<String, Kind> KINDS = Map.of(
            "drover.deadletters.limit", Kind.TEXT,
            "drover.delivery.parallelism", Kind.COUNT,
            "drover.management.enabled", Kind.PORT_SWITCH);

    private enum Kind {
        NUMBER("\\d{1,12}", "a whole number of up to 12 digits"),
        COUNT("0*[1-9]\\d{0,8}", "a whole number, at least 1"),
        SWITCH("(?i)true|false", "true or false"),
        PORT_SWITCH("(?i)true|false|auto", "true, false or auto"),
        TEXT("(?s).*", "");

        private final String values;
        private final String allowed;

        Kind(String values, String allowed) {
            this.values = values;
            this.allowed = allowed;
        }

        /** A default of 0 tells nothing: it also stands for no age, and for no list. */
        static Kind of(String standard) {
            return standard.matches(SWITCH.values) ? SWITCH : standard.matches(COUNT.values) ? NUMBER : TEXT;
        }
    }

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

    /** The settings whose values are not of the kind of their defaults: a whole number, or true and false. */
    public List<Finding> findings() {
        return BuiltIn.properties().stringPropertyNames().stream()
                .filter(key -> key.startsWith("drover."))
                .flatMap(key -> value(key).stream().flatMap(value -> wrong(key, isEmptied(key) ? "" : value)))
                .toList();
    }

    /** Whether the file of the folder has the setting without a value, which Camel does not take for unset. */
    private boolean isEmptied(String key) {
        return !overrides.containsKey(key)
                && folder.setting(key).isEmpty()
                && folder.properties().getProperty(key, "none").isBlank();
    }

    private Stream<Finding> wrong(String key, String value) {
        String standard = BuiltIn.properties().getProperty(key);
        Kind kind = KINDS.getOrDefault(key, Kind.of(standard));
        return value.contains("{{") || value.matches(kind.values)
                ? Stream.empty()
                : Stream.of(folder.finding(key, "'" + value + "' is not allowed, it must be " + kind.allowed));
    }
}
