package dev.drover.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An H2 file that processes share has a password that only its owner can read. */
class EmbeddedPasswordTest {

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private String url;

    @BeforeEach
    void name() {
        url = "jdbc:h2:file:" + folder.resolve("data/store") + ";AUTO_SERVER=TRUE;WRITE_DELAY=0";
    }

    @Test
    void shouldAgreeOnOnePasswordWhenManyMakeItAtOnce() throws Exception {
        // Given
        ExecutorService threads = Executors.newFixedThreadPool(8);

        // When
        List<Future<String>> made = IntStream.range(0, 8)
                .mapToObj(any -> threads.submit(() -> EmbeddedPassword.of(url, "drover")))
                .toList();

        // Then
        List<String> passwords = new ArrayList<>();
        for (Future<String> one : made) {
            passwords.add(one.get());
        }
        String password =
                Files.readString(folder.resolve("data/store.password")).strip();
        assertThat(password).hasSize(64);
        assertThat(passwords).containsOnly(password);
        assertThat(Files.getPosixFilePermissions(folder.resolve("data/store.password")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(folder.resolve("data")).isDirectoryContaining("glob:**/store.password");
        assertThat(folder.resolve("data").toFile().list()).hasSize(1);
        threads.shutdown();
    }

    @Test
    void shouldGiveAPasswordToADatabaseOfAnEarlierVersionThatHasNone() throws Exception {
        // Given
        try (Connection earlier = DriverManager.getConnection(url, "drover", "")) {
            earlier.createStatement().execute("CREATE TABLE kept AS SELECT 7 AS n");
        }

        // When
        String rows;
        try (DatabasePool pool = pool(DatabasePool.GENERATED)) {
            rows = Sql.lines(pool, "SELECT n FROM kept");
        }

        // Then
        assertThat(rows).isEqualTo("7\n");
        assertThatThrownBy(() -> DriverManager.getConnection(url, "drover", "").close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("Wrong user name or password");
        try (DatabasePool again = pool(DatabasePool.GENERATED)) {
            assertThat(Sql.lines(again, "SELECT n FROM kept")).isEqualTo("7\n");
        }
    }

    @Test
    void shouldGiveThePasswordOfTheFileWhenAProcessEndedBeforeItDid() throws Exception {
        // Given
        try (Connection earlier = DriverManager.getConnection(url, "drover", "")) {
            earlier.createStatement().execute("CREATE TABLE kept AS SELECT 7 AS n");
        }
        Files.writeString(folder.resolve("data/store.password"), "0123456789abcdef\n");

        // When
        String rows;
        try (DatabasePool pool = pool(DatabasePool.GENERATED)) {
            rows = Sql.lines(pool, "SELECT n FROM kept");
        }

        // Then
        assertThat(rows).isEqualTo("7\n");
        DriverManager.getConnection(url, "drover", "0123456789abcdef").close();
    }

    @Test
    void shouldKeepTheFileWhenTheDatabaseHasAnotherPassword() throws Exception {
        // Given
        DriverManager.getConnection(url, "drover", "another").close();
        Path file = Files.writeString(folder.resolve("data/store.password"), "0123456789abcdef\n");

        // When
        try (DatabasePool pool = pool(DatabasePool.GENERATED)) {
            // Then
            assertThatThrownBy(() -> pool.getConnection().close()).hasMessageContaining("Wrong user name or password");
            assertThat(file).hasContent("0123456789abcdef");
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenTheFileIsGone() throws Exception {
        // Given
        try (DatabasePool pool = pool(DatabasePool.GENERATED)) {
            pool.getConnection().close();
        }
        Path file = folder.resolve("data/store.password");
        assertThat(Files.getPosixFilePermissions(file.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        Files.delete(file);

        // When
        try (DatabasePool pool = pool(DatabasePool.GENERATED)) {
            // Then
            assertThatThrownBy(() -> pool.getConnection().close()).hasMessageContaining("there is no file " + file);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void shouldSayWhatToDoWhenTheProcessThatMadeTheFileEndedBeforeItWroteIt() throws Exception {
        // Given
        Path file = folder.resolve("data/store.password");
        Files.createDirectory(file.getParent());
        Files.createFile(file);

        // Then
        assertThatThrownBy(() -> EmbeddedPassword.of(url, "drover"))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("it is empty; delete it");
    }

    @Test
    void shouldMakeNothingWhenTheDatabaseMustExist() {
        // When
        String password = EmbeddedPassword.of(url + ";IFEXISTS=TRUE", "drover");

        // Then
        assertThat(password).isEmpty();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void shouldBeNoneWhenNoPortIsOpened() {
        // Given
        List<String> others = List.of(
                "jdbc:h2:file:" + folder.resolve("data/store"),
                "jdbc:h2:mem:x;AUTO_SERVER=FALSE",
                "jdbc:postgresql://localhost/drover");

        // When
        List<String> passwords = others.stream()
                .map(other -> EmbeddedPassword.of(other, "drover"))
                .toList();

        // Then
        assertThat(passwords).containsOnly("");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void shouldReadThePasswordFromAFileAtEachConnection() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("secret"), "first\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String memory = "jdbc:h2:mem:secret;DB_CLOSE_DELAY=-1";
        try (Connection owner = DriverManager.getConnection(memory, "drover", "first")) {
            // When
            try (DatabasePool pool = pool(memory, "file:" + file)) {
                assertThat(Sql.lines(pool, "SELECT 1")).isEqualTo("1\n");
                owner.createStatement().execute("ALTER USER DROVER SET PASSWORD 'second'");
                Files.writeString(file, "second\n");
                try (Connection first = pool.getConnection();
                        Connection second = pool.getConnection()) {
                    // Then
                    assertThat(first.isValid(1)).isTrue();
                    assertThat(second.isValid(1)).isTrue();
                }
            }
            Files.delete(file);
            try (DatabasePool pool = pool(memory, "file:" + file)) {
                assertThatThrownBy(pool::getConnection).hasMessageContaining("there is no file " + file);
            }
        }
    }

    private DatabasePool pool(String password) {
        return pool(url, password);
    }

    private static DatabasePool pool(String url, String password) {
        DatabasePool pool = new DatabasePool();
        pool.setJdbcUrl(url);
        pool.setUsername("drover");
        pool.setPassword(password);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(2_000);
        return pool;
    }
}
