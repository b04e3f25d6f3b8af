package dev.drover.ledger;

import dev.drover.MariaDbServer;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

class StoreUpgradeOnMariaDbTest extends StoreUpgradeTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return new MariaDbDataSource(MariaDbServer.newDatabase() + "?user=root");
    }
}
