package dev.drover.store;

import dev.drover.MariaDbServer;
import dev.drover.testing.Integration;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

@Integration
class CheckpointsOnMariaDbTest extends CheckpointsTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        MariaDbDataSource database = new MariaDbDataSource(MariaDbServer.newDatabase());
        database.setUser("root");
        database.setPassword("");
        return database;
    }
}
