package dev.drover.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The password of an H2 file that processes share. With {@code AUTO_SERVER=TRUE} the process that has the file open
 * listens on a port of this machine, and a client that opens the database there can run code in that process. So the
 * database has a random password, in a file beside it that only its owner can read. Commands beside a running process
 * read the same file.
 */
final class EmbeddedPassword {

    private static final Pattern SHARED_FILE =
            Pattern.compile("(?i)jdbc:h2:(?:file:)?(~?[./\\w][^;]*);(?:.*;)?AUTO_SERVER=TRUE(?:;.*)?");
    private static final Pattern NOT_TO_CREATE = Pattern.compile("(?i).*;IFEXISTS=TRUE(?:;.*)?");
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPassword.class);
    private static final int BYTES = 32;

    private EmbeddedPassword() {}

    /**
     * The password of this database, made at its first use. A database that an earlier version made without one gets it
     * now.
     *
     * @param user of the database; has no password in a database of an earlier version
     * @return empty if the URL names no H2 file that processes share, or if the file must exist and does not
     * @throws IllegalStateException if the file with the password cannot be read or written
     */
    static String of(String url, String user) {
        Path database = database(url);
        if (database == null) {
            return "";
        }
        boolean exists = Files.exists(database.resolveSibling(database.getFileName() + ".mv.db"));
        Path file = passwordOf(database);
        try {
            if (!Files.exists(file)) {
                if (!exists && NOT_TO_CREATE.matcher(url).matches()) {
                    return "";
                }
                if (create(file) && exists) {
                    protect(url, user, file);
                }
            }
            return read(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the file " + file + ", which has the password of the database, cannot be read or written: " + e);
        }
    }

    /**
     * Sets the password in the file as the password of a database that refused it. The process that made the file may
     * have ended before it set the password.
     *
     * @return whether the database had no password and has this one now
     */
    static boolean complete(String url, String user) {
        Path database = database(url);
        if (database == null) {
            return false;
        }
        try {
            give(url, user, passwordOf(database));
            return true;
        } catch (IOException | SQLException e) {
            LOG.debug("the database has another password than none", e);
            return false;
        }
    }

    /** The H2 file that processes share; null if the URL names none. */
    static @Nullable Path database(String url) {
        Matcher shared = SHARED_FILE.matcher(url);
        return shared.matches() ? EmbeddedDatabase.path(shared.group(1)) : null;
    }

    private static Path passwordOf(Path database) {
        return database.resolveSibling(database.getFileName() + ".password");
    }

    /** Whether this process made it, and no other. */
    private static boolean create(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent(), ofOwner("rwx------"));
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        try (WritableByteChannel created = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ofOwner("rw-------"))) {
            created.write(
                    ByteBuffer.wrap((HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** The file is empty for a moment while another process makes it, and stays empty if that process ends then. */
    private static String read(Path file) throws IOException {
        try {
            for (int looks = 0; looks < 200; looks++) {
                String password = Files.readString(file).strip();
                if (!password.isEmpty()) {
                    return password;
                }
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("it is empty; delete it, and it is made again");
    }

    /** For a file or folder that is made; none where the file system knows no such permissions. */
    static FileAttribute<?>[] ofOwner(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void protect(String url, String user, Path file) throws IOException {
        try {
            give(url, user, file);
        } catch (SQLException e) {
            Files.delete(file);
            if (!String.valueOf(e.getSQLState()).startsWith("28")) {
                throw new IllegalStateException("the database has no password yet, and cannot be given one", e);
            }
            throw new IllegalStateException("the database has another password than none, and there is no file " + file
                    + " with it: restore" + " the file, or set the password");
        }
    }

    private static void give(String url, String user, Path file) throws IOException, SQLException {
        String password = read(file);
        try (Connection connection = DriverManager.getConnection(url, user, "");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "ALTER USER \"" + connection.getMetaData().getUserName() + "\" SET PASSWORD '" + password + "'");
            LOG.info("a database of an earlier version had no password; now it has one, in the file {}", file);
        }
    }
}
