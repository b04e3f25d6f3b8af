package dev.drover.ledger;

import dev.drover.PostgresServer;
import java.sql.SQLException;
import javax.sql.DataSource;

class StoreUpgradeOnPostgresTest extends StoreUpgradeTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return PostgresServer.newDatabase();
    }
}
