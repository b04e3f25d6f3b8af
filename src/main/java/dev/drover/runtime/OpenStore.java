package dev.drover.runtime;

import dev.drover.database.DatabasePool;
import dev.drover.folder.BadInputException;
import dev.drover.folder.DatabaseSettings;
import dev.drover.folder.RoutesFolder;
import dev.drover.folder.StartFailure;
import dev.drover.ledger.Cause;
import dev.drover.store.CheckpointEditor;
import dev.drover.store.DeadLetterStore;
import dev.drover.store.Statuses;
import dev.drover.store.StoreSchema;
import java.util.Map;
import javax.sql.DataSource;

/** The store that the settings name, opened for a command. Works beside a running process. */
public final class OpenStore implements AutoCloseable {

    private static final String H2_NOT_FOUND = "[90146-";

    private final DatabasePool dataSource;

    private OpenStore(DatabasePool dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Opens the store and brings its tables up to date. An embedded store is never created by this, tables in another
     * only if the settings allow it.
     *
     * @param overrides settings that win over all others
     * @throws BadInputException if it does not exist or cannot be reached, naming its URL
     */
    public static OpenStore open(RoutesFolder folder, Map<String, String> overrides) {
        DatabasePool dataSource = new DatabasePool();
        dataSource.setPoolName("store");
        dataSource.setMaximumPoolSize(2);
        dataSource.setConnectionTimeout(10_000);
        dataSource.setInitializationFailTimeout(-1);
        boolean create = configure(dataSource, folder, overrides);
        try {
            StoreSchema.open(dataSource, create);
        } catch (RuntimeException e) {
            dataSource.close();
            String why = Cause.line(e);
            String store = "the store " + StoreSchema.address(dataSource.getJdbcUrl());
            throw new BadInputException(
                    "drover.store.url: "
                            + (why.contains(H2_NOT_FOUND)
                                    ? store + " does not exist here; the first run creates it"
                                    : why.startsWith("the store ") ? why : store + " cannot be opened: " + why),
                    e);
        }
        return new OpenStore(dataSource);
    }

    /** Also tells whether tables may be created. */
    private static boolean configure(DatabasePool dataSource, RoutesFolder folder, Map<String, String> overrides) {
        try {
            DatabaseSettings store = DatabaseSettings.of("drover.store", folder.path(), overrides);
            String url = store.url();
            dataSource.setJdbcUrl(url.startsWith("jdbc:h2:file:") ? url + ";IFEXISTS=TRUE" : url);
            dataSource.setUsername(store.username());
            dataSource.setPassword(store.password());
            dataSource.setTimeout(store.timeoutMillis());
            return store.create();
        } catch (RuntimeException e) {
            throw StartFailure.explain(folder, e);
        }
    }

    public DataSource dataSource() {
        return dataSource;
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
