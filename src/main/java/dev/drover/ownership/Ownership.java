package dev.drover.store;

import dev.drover.ledger.SettlementException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The proof that no other process runs a pipeline whose store is a file: a lock of the operating system on a file
 * beside it. It ends with its process, however that ends, and not before, so that a process started again at once
 * need not wait for the lease of the one that was killed, and a second one beside it is refused. Thread-safe.
 */
public final class SoleOwner implements AutoCloseable {

    private static final String FILE_STORE = "jdbc:h2:file:";

    /** Behind the text, which others read while it is locked. */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    // Some systems drop the lock of a process when any of its channels to the file is closed, so there is but one.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final RandomAccessFile file;

    private SoleOwner(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Proves it, until it is closed or the process ends.
     *
     * @param owner the name of this process, for people
     * @return empty if the store is not a file, so that processes on other machines may share it
     * @throws OwnedException if another process runs the pipeline
     * @throws IllegalStateException if the folder of the store cannot be written
     * @throws SettlementException if the store cannot be read now
     */
    public static Optional<SoleOwner> of(DataSource store, String pipeline, String owner) {
        Path database = database(store);
        if (database == null) {
            return Optional.empty();
        }
        // A name of a pipeline may be too long for a file, or have characters that no file may have.
        UUID name = UUID.nameUUIDFromBytes(pipeline.getBytes(StandardCharsets.UTF_8));
        Path path = database.resolveSibling(database.getFileName() + "." + name + ".owner");
        try {
            return Optional.of(lock(path, pipeline, owner));
        } catch (IOException e) {
            throw new IllegalStateException("the file " + path + ", which tells who runs pipeline " + pipeline
                    + ", cannot be written: " + e.getMessage());
        }
    }

    private static SoleOwner lock(Path path, String pipeline, String owner) throws IOException {
        if (!OURS.add(path)) {
            throw owned(pipeline, owner);
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            FileLock lock = file.getChannel().tryLock(LOCKED, 1, false);
            if (lock == null) {
                throw owned(pipeline, Files.readString(path).strip());
            }
            file.setLength(0);
            file.write((owner + "\n").getBytes(StandardCharsets.UTF_8));
            return new SoleOwner(path, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            OURS.remove(path);
            throw e;
        }
    }

    private static OwnedException owned(String pipeline, String owner) {
        return new OwnedException(
                "pipeline " + pipeline + " is run by " + owner + ", and a store in a file serves one process: stop that"
                        + " one first, or set drover.store.url to a PostgreSQL or MariaDB, where a second one stands by",
                Duration.ZERO);
    }

    private static @Nullable Path database(DataSource store) {
        try (Connection connection = store.getConnection()) {
            if (!String.valueOf(connection.getMetaData().getURL()).startsWith(FILE_STORE)) {
                return null;
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("CALL DATABASE_PATH()")) {
                rows.next();
                return Path.of(rows.getString(1)).toAbsolutePath().normalize();
            }
        } catch (SQLException e) {
            throw new SettlementException("the store cannot be read now", e);
        }
    }

    /** Lets another process run the pipeline. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new IllegalStateException("the file " + path + " cannot be closed: " + e.getMessage(), e);
        } finally {
            OURS.remove(path);
        }
    }
}
