package dev.drover.store;

import dev.drover.MariaDbServer;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

class DeadLetterStoreOnMariaDbTest extends DeadLetterStoreTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return new MariaDbDataSource(MariaDbServer.newDatabase() + "?user=root");
    }
}
