package dev.drover.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables of the store, and how they are brought up to this version. */
public final class StoreSchema {

    private static final int TRIES = 5;
    private static final String BINARY = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    private static final Map<String, String> STANDARD = Map.of(
            "name", "VARCHAR(200)", //
            "text", "TEXT",
            "timestamp", "TIMESTAMP(6) WITH TIME ZONE");

    /** Names are compared as binary: "Orders" and "orders" must never share a checkpoint. */
    private static final Map<String, String> MARIADB = Map.of(
            "name", "VARCHAR(200)" + BINARY, //
            "text", "LONGTEXT" + BINARY,
            "timestamp", "TIMESTAMP(6)");

    private StoreSchema() {}

    /**
     * Creates or migrates the tables of the store, in the default schema of the connection, beside whatever tables are
     * there. Does nothing when they are up to date. Several processes may call it at the same time.
     *
     * @param store H2, PostgreSQL or MariaDB
     * @throws IllegalStateException if the store can not be reached or migrated, with the reason
     */
    public static void migrate(DataSource store) {
        Flyway flyway = flyway(store);
        for (int tried = 1; ; tried++) {
            try {
                flyway.migrate();
                return;
            } catch (FlywayException e) {
                // Flyway does not keep two processes apart while the history table of an H2 store is empty. The one
                // that comes too late with its line in the history finds the work done at its next try.
                if (tried == TRIES || !pause(tried)) {
                    throw new IllegalStateException("the store's tables can not be brought up to date", e);
                }
            }
        }
    }

    /**
     * How many migrations the store lacks; 0 when its tables are up to date. Changes nothing.
     *
     * @throws IllegalStateException if the store can not be reached
     */
    public static int pending(DataSource store) {
        try {
            return flyway(store).info().pending().length;
        } catch (FlywayException e) {
            throw new IllegalStateException("the store's tables can not be looked at", e);
        }
    }

    private static Flyway flyway(DataSource store) {
        return Flyway.configure(StoreSchema.class.getClassLoader())
                .dataSource(store)
                .locations("classpath:dev/drover/store")
                .failOnMissingLocations(true)
                .table("drover_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholders(types(store))
                .loggers(QuietFlyway.class.getName())
                .load();
    }

    private static Map<String, String> types(DataSource store) {
        try (Connection connection = store.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
            return product.contains("mariadb") ? MARIADB : STANDARD;
        } catch (SQLException e) {
            throw new IllegalStateException("the store can not be reached", e);
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
