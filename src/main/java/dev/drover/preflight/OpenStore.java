package dev.drover.preflight;

import dev.drover.deadletter.DeadLetterStore;
import dev.drover.ledger.CheckpointEditor;
import dev.drover.ledger.Statuses;
import dev.drover.ledger.StoreSchema;
import dev.drover.pages.DatabasePool;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesComponent;

/**
 * The store that the settings name, opened for a command: the same settings as {@code run} has, in the same order
 * (environment, {@code application.properties}, built-in defaults). Works beside a running process.
 */
public final class OpenStore implements AutoCloseable {

    private static final String H2_NOT_FOUND = "[90146-";

    private final DatabasePool dataSource;

    private OpenStore(DatabasePool dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Opens the store and brings its tables up to date. An embedded store is never created by this.
     *
     * @param overrides settings that win over all others
     * @throws BadInputException if it does not exist or can not be reached, naming its URL
     */
    public static OpenStore open(RoutesFolder folder, Map<String, String> overrides) {
        DatabasePool dataSource = new DatabasePool();
        dataSource.setPoolName("store");
        dataSource.setMaximumPoolSize(2);
        dataSource.setConnectionTimeout(10_000);
        dataSource.setInitializationFailTimeout(-1);
        configure(dataSource, folder, overrides);
        try {
            StoreSchema.migrate(dataSource);
        } catch (RuntimeException e) {
            dataSource.close();
            String why = StartFailure.innermost(e);
            throw new BadInputException(
                    "drover.store.url: the store " + withoutSecrets(dataSource.getJdbcUrl())
                            + (why.contains(H2_NOT_FOUND)
                                    ? " does not exist here; the first run creates it"
                                    : " can not be opened: " + why),
                    e);
        }
        return new OpenStore(dataSource);
    }

    private static void configure(DatabasePool dataSource, RoutesFolder folder, Map<String, String> overrides) {
        CamelContext context = new DefaultCamelContext();
        try {
            PropertiesComponent properties = context.getPropertiesComponent();
            Properties given = new Properties();
            given.putAll(overrides);
            properties.setInitialProperties(BuiltIn.properties());
            properties.setOverrideProperties(given);
            properties.setLocation(folder.propertiesLocation());
            String url = context.resolvePropertyPlaceholders("{{drover.store.url}}");
            dataSource.setJdbcUrl(url.startsWith("jdbc:h2:file:") ? url + ";IFEXISTS=TRUE" : url);
            dataSource.setUsername(context.resolvePropertyPlaceholders("{{drover.store.username}}"));
            dataSource.setPassword(context.resolvePropertyPlaceholders("{{drover.store.password}}"));
            dataSource.setTimeout(Long.parseLong(context.resolvePropertyPlaceholders("{{drover.store.timeout}}")));
        } catch (RuntimeException e) {
            throw StartFailure.explain(folder, e);
        } finally {
            context.stop();
        }
    }

    /** Settings of a URL may hold a password; what comes before them says where it is. */
    private static String withoutSecrets(String url) {
        return url.replaceFirst("[;?].*", "").replaceFirst("//[^/@]*@", "//");
    }

    public CheckpointEditor checkpoints() {
        return new CheckpointEditor(dataSource);
    }

    public Statuses statuses() {
        return new Statuses(dataSource);
    }

    public DeadLetterStore deadLetters() {
        return new DeadLetterStore(dataSource);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
