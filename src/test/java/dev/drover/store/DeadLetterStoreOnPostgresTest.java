package dev.drover.store;

import dev.drover.PostgresServer;
import java.sql.SQLException;
import javax.sql.DataSource;

class DeadLetterStoreOnPostgresTest extends DeadLetterStoreTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return PostgresServer.newDatabase();
    }
}
