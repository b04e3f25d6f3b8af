package dev.drover.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.drover.testing.Integration;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port that a running process opens for its commands lets nobody else in. */
@Integration
class StoreDoorTest {

    @TempDir
    Path folder;

    /** Camel's own main class, which knows nothing of Drover's command line. */
    @Test
    void shouldOpenTheStoreToItsOwnCommandsOnlyWhenTheProcessRuns() throws Exception {
        // Given
        List<String> camel = new ArrayList<>(DroverProcess.fast());
        camel.addAll(List.of(
                "-cp",
                DroverProcess.JAR.toString(),
                "-Dcamel.main.routesIncludePattern=file:" + DroverProcess.ROUTES + "/*.camel.yaml",
                "org.apache.camel.main.Main",
                "-pl",
                "file:" + DroverProcess.ROUTES.resolve("application.properties")));
        try (CountingReceiver receiver = new CountingReceiver(Duration.ZERO);
                OrdersServer source = new OrdersServer(folder, 30)) {
            Map<String, String> environment = source.environment(receiver);
            try (DroverProcess drover = DroverProcess.start(folder, environment, camel)) {
                await().atMost(Duration.ofMinutes(1)).until(() -> receiver.distinct() == 30 || !drover.isAlive());

                // When
                DroverProcess status = DroverProcess.command(folder, environment, "status");

                // Then
                assertThat(status.await()).as("%s", status.errors()).isZero();
                assertThat(status.output()).anyMatch(line -> line.contains("orders"));
                assertThat(mode("data")).isEqualTo("rwx------");
                assertThat(mode("data/store.password")).isEqualTo("rw-------");
                String store = "jdbc:h2:file:" + folder.resolve("data/store") + ";AUTO_SERVER=TRUE";
                assertThatThrownBy(() ->
                                DriverManager.getConnection(store, "drover", "").close())
                        .hasMessageContaining("Wrong user name or password");
                assertThatThrownBy(() -> new Socket().connect(new InetSocketAddress("127.0.0.2", port()), 2_000))
                        .isInstanceOf(ConnectException.class);
                new Socket(InetAddress.getLoopbackAddress(), port()).close();
            }
        }
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
    }

    private int port() throws IOException {
        Properties lock = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve("data/store.lock.db"))) {
            lock.load(in);
        }
        return Integer.parseInt(lock.getProperty("server").replaceFirst(".*:", ""));
    }
}
