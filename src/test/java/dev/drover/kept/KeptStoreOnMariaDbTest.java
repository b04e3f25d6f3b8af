package dev.drover.kept;

import dev.drover.MariaDbServer;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

class KeptStoreOnMariaDbTest extends KeptStoreTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return new MariaDbDataSource(MariaDbServer.newDatabase() + "?user=root");
    }
}
