package dev.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.testing.Database;
import dev.drover.testing.Drover;
import dev.drover.testing.Fault;
import dev.drover.testing.Integration;
import dev.drover.testing.Logs;
import dev.drover.testing.ManagementPort;
import dev.drover.testing.Receiver;
import dev.drover.testing.RouteFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store is a file whose disk is full for a while. The test needs the right to mount a disk. */
@Integration
class FullStoreTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Database source = Database.h2().orders(1, 100);
    private final ManagementPort port = new ManagementPort();
    private final Receiver receiver = Receiver.start("id");
    private final Logs logs = new Logs();
    private Drover drover;

    @TempDir
    private Path disk;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                ran("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()),
                "no disk of a small size can be mounted here");
        drover = port.of(Drover.reading(source))
                .file(RouteFile.of("routes/orders.camel.yaml"))
                .set("drover.store.url", "jdbc:h2:file:" + disk.resolve("store") + ";AUTO_SERVER=TRUE;WRITE_DELAY=0")
                .set("drover.store.username", "drover")
                .set("drover.store.password", "generated")
                .sendingTo(receiver)
                .sizes(10, 10, 1000)
                .start();
        drover.awaitSettled();
    }

    @AfterEach
    void stop() throws Exception {
        logs.close();
        receiver.close();
        if (drover != null) {
            drover.close();
            ran("umount", disk.toString());
        }
    }

    @Test
    void shouldNameTheDiskAndGoOnByItselfWhenTheDiskOfTheStoreWasFull() throws IOException {
        // Given
        Path filler = fill();
        receiver.fails(Fault.rejectRecords(422, 150));

        // When
        source.orders(101, 200);

        // Then
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(port.get("/observe/health/ready").body())
                    .contains("pipeline-orders", "the store cannot be written")
                    .contains("No space left on device");
            assertThat(port.get("/observe/health/ready").statusCode()).isEqualTo(503);
            assertThat(port.get("/observe/health/live").statusCode()).isEqualTo(200);
            assertThat(logs.warnings()).anySatisfy(line -> assertThat(line)
                    .contains("the checkpoint could not be written", "No space left on device"));
        });

        // When
        Files.delete(filler);

        // Then
        await().atMost(PATIENCE).until(() -> port.get("/observe/health/ready").statusCode() == 200);
        await().atMost(PATIENCE).until(() -> receiver.accepted().size() == 199);
        drover.awaitSettled();
        assertThat(drover.checkpoint()).isEqualTo("id=200");
        assertThat(disk.resolve("store.trace.db")).doesNotExist();
    }

    /** Fills the disk. */
    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (disk.toFile().getUsableSpace() > 0) {
                out.write(block);
            }
        }
        return filler;
    }

    private static boolean ran(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}
