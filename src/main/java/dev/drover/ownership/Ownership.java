package dev.drover.ownership;

import dev.drover.ledger.SettlementException;
import dev.drover.store.Checkpoint;
import dev.drover.store.Checkpoints;
import dev.drover.store.Checkpoints.Claim;
import dev.drover.store.OwnedException;
import dev.drover.store.Transaction;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The right of this process to run a pipeline alone: the lease in the store. If the store is a file, the process first
 * locks a file beside it. The operating system keeps that lock until the process ends in any way. So a restarted
 * process need not wait for the lease of a killed one, and a second process is refused. Thread-safe.
 */
public final class Ownership implements AutoCloseable {

    private static final String OWNER = owner();
    private static final String FILE_STORE = "jdbc:h2:file:";

    /** The locked position, beyond the text, which others can read while the file is locked. */
    private static final long LOCKED = Long.MAX_VALUE - 1;

    // Some systems release the lock when the process closes any channel to the file, so it opens only one.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final DataSource store;
    private final String pipeline;
    private final List<String> key;
    private final Duration lease;
    private final @Nullable Path path;
    private final @Nullable RandomAccessFile file;

    /**
     * Locks the file if the store is a file. Takes no lease yet.
     *
     * @param store the store, with up-to-date tables
     * @param key the key columns of the pipeline
     * @param lease the length of the lease after each renewal
     * @throws OwnedException if the store is a file and another process runs the pipeline
     * @throws IllegalStateException if the folder of the store cannot be written
     * @throws SettlementException if the store cannot be read now
     */
    public Ownership(DataSource store, String pipeline, List<String> key, Duration lease) {
        this.store = store;
        this.pipeline = pipeline;
        this.key = key;
        this.lease = lease;
        this.path = lockedFile();
        this.file = path == null ? null : lock(path);
    }

    /** The claim of this process on a pipeline. */
    public static Claim claim(Duration lease, boolean sole) {
        return new Claim(OWNER, lease, sole);
    }

    private static String owner() {
        String process = "process " + ProcessHandle.current().pid() + " on ";
        try {
            return process + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return process + "a host without a name";
        }
    }

    /**
     * Takes over the checkpoint.
     *
     * @throws OwnedException if another process owns it
     */
    public Checkpoint take() {
        return new Checkpoints(store).take(pipeline, key, claim(lease, file != null));
    }

    /** Null if the store is not a file, so that processes on other machines may share it. */
    private @Nullable Path lockedFile() {
        String found = Transaction.on(store, "the store cannot be read now", transaction -> {
            String url = String.valueOf(transaction.connection().getMetaData().getURL());
            return url.startsWith(FILE_STORE)
                    ? transaction
                            .list("CALL DATABASE_PATH()", (row, i) -> row.getString(1))
                            .get(0)
                    : "";
        });
        // A name of a pipeline may be too long for a file, or have characters that no file may have.
        UUID name = UUID.nameUUIDFromBytes(pipeline.getBytes(StandardCharsets.UTF_8));
        return found.isEmpty()
                ? null
                : Path.of(found + "." + name + ".owner").toAbsolutePath().normalize();
    }

    private RandomAccessFile lock(Path owned) {
        if (!OURS.add(owned)) {
            throw runBy(OWNER);
        }
        try {
            RandomAccessFile opened = new RandomAccessFile(owned.toFile(), "rw");
            try {
                if (opened.getChannel().tryLock(LOCKED, 1, false) == null) {
                    throw runBy(Files.readString(owned).strip());
                }
                opened.setLength(0);
                opened.write((OWNER + "\n").getBytes(StandardCharsets.UTF_8));
                return opened;
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
        } catch (IOException e) {
            OURS.remove(owned);
            throw new IllegalStateException("the file " + owned + ", which tells who runs pipeline " + pipeline
                    + ", cannot be written: " + e.getMessage());
        } catch (RuntimeException e) {
            OURS.remove(owned);
            throw e;
        }
    }

    private OwnedException runBy(String owner) {
        return new OwnedException(
                "pipeline " + pipeline + " is run by " + owner + ", and a store in a file serves one process: stop that"
                        + " one first, or set drover.store.url to a PostgreSQL or MariaDB, where a second one stands by",
                Duration.ZERO);
    }

    /** Releases the file for another process. {@link Checkpoint#release} gives the lease back. */
    @Override
    public void close() {
        if (path != null && file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new IllegalStateException("the file " + path + " cannot be closed: " + e.getMessage(), e);
            } finally {
                OURS.remove(path);
            }
        }
    }
}
