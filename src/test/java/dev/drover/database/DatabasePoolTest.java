package dev.drover.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** The limits that every connection of the program has. */
@Integration
class DatabasePoolTest {

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldEndTheStatementAndKeepTheConnectionWhenItRunsTooLong(Engine engine) throws SQLException {
        // Given
        Database database = engine.newDatabase();
        try (DatabasePool pool = pool(database);
                Connection connection = pool.getConnection();
                PreparedStatement tooLong = connection.prepareStatement(endless(engine));
                Statement next = connection.createStatement()) {

            // When, Then
            assertThatThrownBy(tooLong::executeQuery).isInstanceOf(SQLException.class);
            assertThat(next.executeQuery("SELECT 1").next()).isTrue();
        }
    }

    @Test
    void shouldSayWhatIsAllowedWhenTheTimeoutMakesNoSense() {
        try (DatabasePool pool = new DatabasePool()) {
            assertThatThrownBy(() -> pool.setTimeout(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("timeout: must be at least 250 milliseconds, not 0");
        }
    }

    @Test
    void shouldWaitForTheFileWhenAnotherProcessIsAboutToCloseIt(@TempDir Path folder) throws Exception {
        // Given
        Path file = folder.resolve("store.mv.db");
        try (DatabasePool pool = new DatabasePool();
                FileChannel other = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            pool.setJdbcUrl("jdbc:h2:file:" + folder.resolve("store") + ";AUTO_SERVER=TRUE");
            FileLock held = other.lock();
            try (DatabasePool notShared = new DatabasePool()) {
                notShared.setJdbcUrl("jdbc:h2:file:" + folder.resolve("store"));
                assertThatThrownBy(notShared::getConnection).hasMessageContaining("may be already in use");
            }

            // When
            CompletableFuture<Boolean> opened = CompletableFuture.supplyAsync(() -> {
                try (Connection connection = pool.getConnection()) {
                    return connection.isValid(1);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> opened.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            held.release();

            // Then
            assertThat(opened.get(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void shouldOpenTheDatabaseAgainWhenH2HasClosedItForAnError(@TempDir Path folder) throws SQLException {
        // Given
        try (DatabasePool pool = new DatabasePool()) {
            pool.setJdbcUrl("jdbc:h2:file:" + folder.resolve("store") + ";WRITE_DELAY=0");
            pool.setConnectionTimeout(2000);
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept AS SELECT 1 AS x");

                // When
                ((SessionLocal) connection.unwrap(JdbcConnection.class).getSession())
                        .getDatabase()
                        .getStore()
                        .getMvStore()
                        .closeImmediately();
                assertThatThrownBy(() -> statement.executeQuery("SELECT x FROM kept"))
                        .hasMessageContaining("The database has been closed");
            }

            // Then
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeQuery("SELECT x FROM kept").next()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 5", "?prepareThreshold=0, 0", "?prepareThreshold=3&tcpKeepAlive=true, 3"})
    void shouldNameStatementsAsTheUrlSaysWhenTheServerItselfAnswers(String settings, int expected) throws SQLException {
        // Given
        Database database = Database.postgres();
        try (DatabasePool pool = pool(database.at(database.port(), settings));

                // When
                Connection connection = pool.getConnection()) {

            // Then
            assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://a/shop, ",
        "jdbc:postgresql://a:5432/shop?options=a%2Cb, ",
        "'jdbc:postgresql://a:5432,b:5433/shop', primary",
        "'jdbc:postgresql://a,b/shop?ssl=true', primary",
        "'jdbc:postgresql://a,b/shop?targetServerType=any', ",
        "'jdbc:mariadb://a,b/shop', ",
    })
    void shouldConnectToThePrimaryWhenTheUrlNamesSeveralHosts(String url, @Nullable String expected) {
        try (DatabasePool pool = new DatabasePool()) {
            pool.setJdbcUrl(url);

            assertThat(pool.getDataSourceProperties().getProperty("targetServerType"))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'jdbc:postgresql://a,b/shop?loadBalanceHosts=true', loadBalanceHosts=true reads from several servers",
        "'jdbc:mariadb:loadbalance://a,b/shop', jdbc:mariadb:loadbalance: changes servers inside a connection",
        "'jdbc:mariadb:sequential://a,b/shop', it must begin with jdbc:mariadb://",
        "'jdbc:mariadb:replication://a,b/shop', jdbc:mariadb:replication: changes servers",
    })
    void shouldRefuseTheUrlWhenItSpreadsReadingOverServers(String url, String expected) {
        try (DatabasePool pool = new DatabasePool()) {
            assertThatThrownBy(() -> pool.setJdbcUrl(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(expected);
        }
    }

    @Test
    void shouldUseNoConnectionToTheFormerServerWhenAnotherAnswers() throws SQLException {
        // Given
        Database database = Database.postgres();
        try (DatabasePool pool = pool(database)) {
            Connection former = pool.getConnection();
            int pid = former.unwrap(PGConnection.class).getBackendPID();

            // When
            database.lookRestarted();
            Connection next = pool.getConnection();
            former.close();

            // Then
            assertThat(DatabasePool.changes(pool)).isEqualTo(1);
            next.close();
            for (int i = 0; i < 3; i++) {
                try (Connection any = pool.getConnection()) {
                    assertThat(any.unwrap(PGConnection.class).getBackendPID()).isNotEqualTo(pid);
                }
            }
            assertThat(DatabasePool.changes(pool)).isEqualTo(1);
        }
    }

    private static String endless(Engine engine) {
        return switch (engine) {
            case H2 -> "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b";
            case POSTGRES -> "SELECT pg_sleep(60)";
            case MARIADB -> "SELECT COUNT(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b";
        };
    }

    private static DatabasePool pool(Database database) {
        DatabasePool pool = new DatabasePool();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword("");
        pool.setTimeout(500);
        return pool;
    }
}
