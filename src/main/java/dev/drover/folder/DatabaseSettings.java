package dev.drover.folder;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesComponent;

/**
 * The settings of a database for a command. As for {@code run}, the environment takes precedence over
 * {@code application.properties}, and that over the built-in defaults.
 *
 * @param url empty if it is not set
 * @param timeoutMillis the longest time of a statement
 * @param create whether Drover's tables may be created in the database
 */
public record DatabaseSettings(String url, String username, String password, long timeoutMillis, boolean create) {

    /**
     * Resolves the settings.
     *
     * @param prefix {@code drover.source} or {@code drover.store}
     * @param folder the folder of {@code application.properties}; may have no routes yet
     * @param overrides settings that take precedence over all others
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

    /** Leaves the URL out, which may contain a password. */
    @Override
    public String toString() {
        return "database of " + username;
    }
}
