package dev.drover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.mariadb.jdbc.MariaDbDataSource;

/** One real MariaDB for all tests of this JVM: the machine's own server program, on data of the test's own. */
public final class MariaDbServer {

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
        try {
            Path folder = Files.createTempDirectory("mariadb");
            run(
                    folder,
                    "mariadb-install-db",
                    "--no-defaults",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--user=root",
                    "--datadir=" + folder.resolve("data"));
            Path init = Files.writeString(
                    folder.resolve("init.sql"),
                    "CREATE USER root@'127.0.0.1'; GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;");
            int port = freePort();
            Process server = process(
                    folder,
                    "mariadbd",
                    "--no-defaults",
                    "--max-connections=2000",
                    "--user=root",
                    "--datadir=" + folder.resolve("data"),
                    "--socket=" + folder.resolve("socket"),
                    "--tmpdir=" + folder,
                    "--bind-address=127.0.0.1",
                    "--skip-name-resolve",
                    "--init-file=" + init,
                    "--port=" + port,
                    "--innodb-flush-log-at-trx-commit=0");
            Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
            Awaitility.await().ignoreExceptions().until(() -> accepts(port));
            return port;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("MariaDB could not be started; is mariadb-server installed?", e);
        }
    }

    private static boolean accepts(int port) throws SQLException {
        try (Connection connection =
                new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + port + "/").getConnection("root", "")) {
            return connection.isValid(1);
        }
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = process(folder, command);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException(command[0] + " failed: " + Files.readString(folder.resolve(command[0] + ".log")));
        }
    }

    private static Process process(Path folder, String... command) throws IOException {
        return new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".log").toFile())
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
