package dev.drover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.mariadb.jdbc.MariaDbDataSource;
import org.opentest4j.TestAbortedException;

/** One real MariaDB for all tests of this JVM: a server program that the build unpacks, on data of the test's own. */
public final class MariaDbServer {

    private static final Path HOME = home(Path.of("target", "mariadb").toAbsolutePath());
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private MariaDbServer() {}

    /** The JDBC URL of a new, empty database; its user is root, without a password. */
    public static String newDatabase() throws SQLException {
        String name = "test" + DATABASES.incrementAndGet();
        try (Connection connection = new MariaDbDataSource(url("")).getConnection("root", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        }
        return url(name);
    }

    private static String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + Holder.PORT + "/" + database;
    }

    /** Starts the server at its first use; the waiting itself must not run in here, it would wait for this class. */
    private static final class Holder {

        static final int PORT = start();
    }

    private static int start() {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            throw new TestAbortedException("Skipped: the MariaDB of the tests runs on Linux on x86-64 only");
        }
        try {
            Path folder = Files.createTempDirectory("mariadb");
            int port = freePort();
            if (process(folder, tables(folder), "--bootstrap").waitFor() != 0) {
                throw new IOException(Files.readString(folder.resolve("log")));
            }
            Process server = process(
                    folder,
                    Path.of("/dev/null"),
                    "--max-connections=2000",
                    "--socket=" + folder.resolve("socket"),
                    "--bind-address=127.0.0.1",
                    "--skip-name-resolve",
                    "--skip-ssl", // to make a key takes seconds, and no test uses it
                    "--port=" + port,
                    "--debug-no-sync", // what is written need not outlast the machine
                    "--innodb-flush-method=nosync",
                    "--innodb-doublewrite=0",
                    "--innodb-flush-log-at-trx-commit=0");
            Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
            Awaitility.await().ignoreExceptions().until(() -> accepts(port));
            return port;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("MariaDB could not be started", e);
        }
    }

    /** The folder of the server, as deep in its archive as it is. */
    private static Path home(Path unpacked) {
        try (Stream<Path> all = Files.walk(unpacked, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(each -> each.endsWith("bin/mariadbd"))
                    .findFirst()
                    .map(program -> program.getParent().getParent())
                    .orElse(unpacked);
        } catch (IOException e) {
            return unpacked; // its absence is told when it is started
        }
    }

    /** What makes the tables of an empty server. */
    private static Path tables(Path folder) throws IOException {
        StringBuilder sql = new StringBuilder("CREATE DATABASE mysql;\nUSE mysql;\n");
        for (String file : List.of(
                "mariadb_system_tables.sql",
                "mariadb_performance_tables.sql",
                "mariadb_system_tables_data.sql",
                "mariadb_sys_schema.sql")) {
            sql.append(Files.readString(HOME.resolve("share").resolve(file))).append('\n');
        }
        return Files.writeString(folder.resolve("tables.sql"), sql);
    }

    private static boolean accepts(int port) throws SQLException {
        try (Connection connection =
                new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + port + "/").getConnection("root", "")) {
            return connection.isValid(1);
        }
    }

    private static Process process(Path folder, Path input, String... options) throws IOException {
        Path program = HOME.resolve("bin/mariadbd");
        if (!Files.isExecutable(program) && !program.toFile().setExecutable(true)) {
            throw new IOException(program + " is missing: Maven unpacks it in the phase pre-integration-test");
        }
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--datadir=" + Files.createDirectories(folder.resolve("data")),
                "--tmpdir=" + folder,
                "--lc-messages-dir=" + HOME.resolve("share"),
                "--character-sets-dir=" + HOME.resolve("share/charsets")));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
