package dev.drover.ledger;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsOnH2Test extends CheckpointsTest {

    @TempDir
    private Path folder;

    private int databases;

    @Override
    DataSource emptyDatabase() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + folder.resolve("store" + databases++) + ";WRITE_DELAY=0");
        return database;
    }
}
