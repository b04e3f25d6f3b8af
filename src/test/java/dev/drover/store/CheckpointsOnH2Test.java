package dev.drover.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
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

    @Test
    void shouldNotWriteLongPayloadsAgainWhenAReplayClaimsThem() throws SQLException {
        // Given
        DataSource store = emptyDatabase();
        StoreSchema.migrate(store);
        File file = folder.resolve("store" + (databases - 1) + ".mv.db").toFile();
        try (Connection open = store.getConnection();
                Statement statement = open.createStatement()) {
            for (int letter = 0; letter < 5; letter++) {
                statement.execute("INSERT INTO drover_dead_letter (id, pipeline, record_key, reason, payload) VALUES ("
                        + letter + ", 'orders', 'id=1', 'refused', REPEAT('x', 2000000))");
            }

            // When
            statement.execute("UPDATE drover_dead_letter SET replayed_until = 1");

            // Then
            assertThat(file.length()).isBetween(10_000_000L, 15_000_000L);
        }
    }
}
