package dev.drover.store;

import dev.drover.MariaDbServer;
import dev.drover.testing.Integration;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

@Integration
class ParkedStoreOnMariaDbTest extends ParkedStoreTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return new MariaDbDataSource(MariaDbServer.newDatabase() + "?user=root");
    }
}
