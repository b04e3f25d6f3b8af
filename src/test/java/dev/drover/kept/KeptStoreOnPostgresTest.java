package dev.drover.kept;

import dev.drover.PostgresServer;
import java.sql.SQLException;
import javax.sql.DataSource;

class KeptStoreOnPostgresTest extends KeptStoreTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return PostgresServer.newDatabase();
    }
}
