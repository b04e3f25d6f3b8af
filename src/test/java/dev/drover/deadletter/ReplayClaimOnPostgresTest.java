package dev.drover.deadletter;

import dev.drover.PostgresServer;
import java.sql.SQLException;
import javax.sql.DataSource;

class ReplayClaimOnPostgresTest extends ReplayClaimTest {

    @Override
    DataSource emptyDatabase() throws SQLException {
        return PostgresServer.newDatabase();
    }
}
