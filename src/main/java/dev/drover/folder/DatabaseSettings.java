package dev.drover.folder;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesComponent;

/**
 * How a command reaches a database: by the same settings as {@code run} has, in the same order (environment,
 * {@code application.properties}, built-in defaults).
 *
 * @param url empty if it is not set
 * @param timeoutMillis how long a statement may take
 * @param create whether Drover's tables may be created there
 */
public record DatabaseSettings(String url, String username, String password, long timeoutMillis, boolean create) {

    /**
     * Resolves the settings.
     *
     * @param prefix in front of {@code .url}: {@code drover.source} or {@code drover.store}
     * @param folder where the properties may stand
     * @param overrides settings that win over all others
     */
    public static DatabaseSettings of(String prefix, Path folder, Map<String, String> overrides) {
        DefaultCamelContext context = new DefaultCamelContext();
        try {
            PropertiesComponent properties = context.getPropertiesComponent();
            Properties given = new Properties();
            given.putAll(overrides);
            properties.setInitialProperties(BuiltIn.properties());
            properties.setOverrideProperties(given);
            properties.setLocation(RoutesFolder.propertiesLocation(folder));
            return new DatabaseSettings(
                    context.resolvePropertyPlaceholders("{{" + prefix + ".url:}}"),
                    context.resolvePropertyPlaceholders("{{" + prefix + ".username}}"),
                    context.resolvePropertyPlaceholders("{{" + prefix + ".password}}"),
                    Long.parseLong(context.resolvePropertyPlaceholders("{{" + prefix + ".timeout}}")),
                    Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{" + prefix + ".create:false}}")));
        } finally {
            context.stop();
        }
    }

    /** Without its secrets: a URL may hold a password too. */
    @Override
    public String toString() {
        return "database of " + username;
    }
}
