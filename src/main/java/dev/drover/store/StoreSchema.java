package dev.drover.store;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Creates and migrates the tables of the store. A migration whose description begins with {@code add} only adds parts that
 * earlier versions of Drover may ignore, so these still work with such a store. Any other migration makes earlier versions
 * refuse the store.
 */
public final class StoreSchema {

    private static final Logger LOG = LoggerFactory.getLogger(StoreSchema.class);
    private static final int TRIES = 5;
    private static final String HARMLESS = "add ";
    private static final String BINARY = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    private static final String NOTHING = "SELECT 1";
    private static final Map<String, String> STANDARD =
            types("VARCHAR(200)", "TEXT", "BYTEA", "BYTEA", NOTHING, NOTHING, "TIMESTAMP(6) WITH TIME ZONE");

    /** BYTEA of H2 is limited to a megabyte. */
    private static final Map<String, String> H2 = types(
            "VARCHAR(200)",
            "TEXT",
            "BLOB",
            "VARBINARY(1048576)",
            NOTHING,
            "ALTER TABLE drover_dead_letter ALTER COLUMN payload CLOB",
            "TIMESTAMP(6) WITH TIME ZONE");

    /** Names are compared as binary: "Orders" and "orders" must never share a checkpoint. */
    private static final Map<String, String> MARIADB = types(
            "VARCHAR(200)" + BINARY,
            "LONGTEXT" + BINARY,
            "LONGBLOB",
            "LONGBLOB",
            "ALTER TABLE drover_dead_letter MODIFY destination VARCHAR(500)" + BINARY
                    + ", MODIFY record_key VARCHAR(1000)" + BINARY + " NOT NULL, MODIFY reason VARCHAR(2000)" + BINARY
                    + " NOT NULL",
            NOTHING,
            "TIMESTAMP(6)");

    /** The placeholders of the migrations, with these values in order. */
    private static Map<String, String> types(String... values) {
        Map<String, String> types = new HashMap<>();
        for (String name : List.of("name", "text", "bytes", "inline", "unicode", "beside", "timestamp")) {
            types.put(name, values[types.size()]);
        }
        return types;
    }

    private StoreSchema() {}

    /**
     * The state of a store.
     *
     * @param exists whether it has tables of Drover
     * @param pending the number of missing migrations
     * @param sound whether all its migrations have succeeded and are known to this version
     * @param tooNew the first migration of a later version that this version cannot work with; empty if there is none
     */
    public record State(boolean exists, int pending, boolean sound, String tooNew) {

        /** Whether every column that this version needs exists. */
        public boolean isCurrent() {
            return exists && pending == 0;
        }
    }

    /**
     * Reads the state of a store and changes nothing.
     *
     * @throws IllegalStateException if the store cannot be reached
     */
    public static State look(DataSource store) {
        return look(flyway(store));
    }

    private static State look(Flyway flyway) {
        // H2 cannot read its own catalog while another process creates the tables.
        return retried(
                "the store's tables cannot be looked at",
                () -> state(flyway.info()),
                e -> NestedExceptionUtils.getRootCause(e) instanceof ConcurrentModificationException);
    }

    private static <T> T retried(String failure, Supplier<T> work, Predicate<FlywayException> mayPass) {
        for (int tried = 1; ; tried++) {
            try {
                return work.get();
            } catch (FlywayException e) {
                if (tried == TRIES || !mayPass.test(e) || !pause(tried)) {
                    throw new IllegalStateException(failure, e);
                }
            }
        }
    }

    private static State state(MigrationInfoService info) {
        List<MigrationInfo> versions = Arrays.stream(info.applied())
                .filter(applied -> applied.getState() != MigrationState.BASELINE)
                .toList();
        return new State(
                !versions.isEmpty(),
                info.pending().length,
                versions.stream().allMatch(each -> !each.getState().isFailed() && each.isChecksumMatching()),
                tooNew(versions));
    }

    private static String tooNew(List<MigrationInfo> applied) {
        return applied.stream()
                .filter(later -> later.getState() == MigrationState.FUTURE_SUCCESS
                        || later.getState() == MigrationState.FUTURE_FAILED)
                .filter(later -> !later.getDescription().startsWith(HARMLESS))
                .map(later -> later.getVersion() + " (" + later.getDescription() + ")")
                .findFirst()
                .orElse("");
    }

    /**
     * Brings the store of a user up to date, like {@link #migrate}. A store without tables may be the wrong one, so this is
     * logged or refused. A store that is up to date is only read once, so that an ordinary start is fast.
     *
     * @param create whether tables are created in a store that has none
     * @throws IllegalStateException if the store has no tables and {@code create} is false, or if it cannot be reached or
     *     migrated; the message has the reason
     */
    public static void open(DataSource store, boolean create) {
        Flyway flyway = flyway(store);
        State found = look(flyway);
        if (!found.exists()) {
            String address = address(store);
            if (!create) {
                throw new IllegalStateException("the store " + address + " has no tables of Drover, and"
                        + " drover.store.create is false: set drover.store.url to the store that the pipelines used"
                        + " before, or drover.store.create to true for their first run");
            }
            LOG.info(
                    "the store {} has no tables of Drover, they are created: every pipeline begins at its startAfter, or"
                            + " at its first row; if one has run before, stop it and set drover.store.url to its store",
                    address);
        }
        migrate(store, flyway, found);
    }

    /**
     * Creates or migrates the tables of the store in the default schema of the connection, which may have other tables.
     * Does nothing if they are up to date. Several processes may call it at the same time.
     *
     * @param store H2, PostgreSQL or MariaDB
     * @throws IllegalStateException if the store is of a later version, or cannot be reached or migrated; the message has
     *     the reason
     */
    public static void migrate(DataSource store) {
        Flyway flyway = flyway(store);
        migrate(store, flyway, look(flyway));
    }

    private static void migrate(DataSource store, Flyway flyway, State found) {
        if (!found.tooNew().isEmpty()) {
            throw new IllegalStateException("the store " + address(store) + " was brought to version " + found.tooNew()
                    + " by a later Drover, and this one cannot work with it: run that one, or restore the backup from"
                    + " before the upgrade");
        }
        if (found.isCurrent() && found.sound()) {
            return;
        }
        // Flyway does not lock an H2 store whose history table is empty. The slower of two processes fails, and finds
        // the work done when it tries again.
        MigrateResult unused = retried("the store's tables cannot be brought up to date", flyway::migrate, e -> true);
    }

    static Flyway flyway(DataSource store) {
        String product = ask(store, DatabaseMetaData::getDatabaseProductName).toLowerCase(Locale.ROOT);
        return Flyway.configure(StoreSchema.class.getClassLoader())
                .dataSource(store)
                .locations("classpath:dev/drover/store")
                .failOnMissingLocations(true)
                .table("drover_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholders(product.contains("mariadb") ? MARIADB : product.equals("h2") ? H2 : STANDARD)
                .loggers("slf4j")
                .load();
    }

    private static String address(DataSource store) {
        return address(ask(store, DatabaseMetaData::getURL));
    }

    /** A JDBC URL without its settings, which may contain a password, and without a user before the host. */
    public static String address(String url) {
        return url.replaceFirst("[;?].*", "").replaceFirst("//[^/@]*@", "//");
    }

    private interface Question {
        String of(DatabaseMetaData database) throws SQLException;
    }

    private static String ask(DataSource store, Question question) {
        try (Connection connection = store.getConnection()) {
            return question.of(connection.getMetaData());
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be reached", e);
        }
    }

    private static boolean pause(int tried) {
        try {
            Thread.sleep(100L * tried);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
