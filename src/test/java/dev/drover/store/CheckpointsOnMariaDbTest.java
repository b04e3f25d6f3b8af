package dev.drover.store;

import dev.drover.MariaDbServer;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

class CheckpointsOnMariaDbTest extends CheckpointsTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        MariaDbDataSource database = new MariaDbDataSource(MariaDbServer.newDatabase());
        database.setUser("root");
        database.setPassword("");
        return database;
    }
}
