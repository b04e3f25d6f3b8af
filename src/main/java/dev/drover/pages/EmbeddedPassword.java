package dev.drover.pages;

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
 * The password of an H2 file that processes share: with {@code AUTO_SERVER=TRUE} the process that has it open listens on a
 * port of this machine, and whoever opens the database there runs code in that process. So it has a random password, in
 * a file beside it that only its owner can read; commands beside a running process read the same file.
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
     * @param user who has no password in a database of an earlier version
     * @return empty if the URL is not that of an H2 file that processes share, or the file must exist and does not
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
     * Gives the database the password in the file, which refuses it: a process that made the file may have ended before
     * it gave the database that password.
     *
     * @return whether it had no password still
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

    private static @Nullable Path database(String url) {
        Matcher shared = SHARED_FILE.matcher(url);
        return shared.matches() ? Path.of(shared.group(1).replaceFirst("^~", System.getProperty("user.home"))) : null;
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

    /** It is empty for a moment while another process makes it, and for good if that process ended just then. */
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
