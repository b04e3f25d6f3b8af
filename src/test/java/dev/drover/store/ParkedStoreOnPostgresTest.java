package dev.drover.store;

import dev.drover.PostgresServer;
import dev.drover.testing.Integration;
import java.sql.SQLException;
import javax.sql.DataSource;

@Integration
class ParkedStoreOnPostgresTest extends ParkedStoreTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return PostgresServer.newDatabase();
    }
}
