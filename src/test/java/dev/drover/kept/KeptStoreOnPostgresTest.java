package dev.drover.kept;

import dev.drover.PostgresServer;
import dev.drover.testing.Integration;
import java.sql.SQLException;
import javax.sql.DataSource;

@Integration
class KeptStoreOnPostgresTest extends KeptStoreTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return PostgresServer.newDatabase();
    }
}
