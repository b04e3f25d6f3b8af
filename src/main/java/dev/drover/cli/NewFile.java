package dev.drover.cli;

import com.zaxxer.hikari.util.Credentials;
import dev.drover.database.DatabasePool;
import dev.drover.folder.BadInputException;
import dev.drover.folder.BuiltIn;
import dev.drover.folder.DatabaseSettings;
import dev.drover.folder.RoutesFolder;
import dev.drover.ledger.Cause;
import dev.drover.sql.TableFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The route file of a new pipeline, which reads a table by its name, from its first row. The short form is two
 * Kamelets; the long one is made from {@code orders.camel.yaml}.
 */
public final class NewFile {

    private static final String SHORT =
            """
            - route:
                id: @name
                description: @about
                routeConfigurationId: records
                from:
                  description: Follow a table
                  uri: kamelet:drover-follow-source
                  parameters:
                    table: @table
                    key: @key
                  steps:
                    - to:
                        description: Send in batches
                        uri: kamelet:drover-http-sink
                        parameters:
                          url: "{{drover.@name.url:@url}}"
            """;

    private static final String PLAIN_NAMES = "[A-Za-z_][A-Za-z0-9_.]*( *, *[A-Za-z_][A-Za-z0-9_.]*)*";

    private static final int LONGEST_DESCRIPTION = 40;

    private NewFile() {}

    /**
     * The text of the file. Reads the catalog of the configured source.
     *
     * @param full whether to write the long form, in which every step can be changed
     * @param folder the folder with the settings of the source; may have no routes yet
     * @param overrides settings that take precedence over all others
     * @throws BadInputException if the source cannot be reached, its table cannot be read by a key, or its names cannot
     *     stand in the short form
     */
    public static String text(NewPipeline pipeline, boolean full, Path folder, Map<String, String> overrides) {
        try (Connection connection = connect(folder, overrides)) {
            TableFacts table = TableFacts.of(connection, pipeline.table())
                    .orElseThrow(() -> new BadInputException(
                            "--table: the source has no table " + pipeline.table() + " that its user may see"));
            List<String> key = NewKey.of(connection, table, pipeline.key());
            return named(pipeline, key, full ? full(pipeline) : brief(pipeline, key));
        } catch (IllegalArgumentException e) {
            throw new BadInputException("--table: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /**
     * The tables like a pattern, with their schemas, sorted; those of Drover are left out.
     *
     * @param pattern of a table, or of a schema, a dot and a table, where * stands for any text
     * @throws BadInputException if the source cannot be reached, or has none
     */
    public static List<String> tables(String pattern, Path folder, Map<String, String> overrides) {
        try (Connection connection = connect(folder, overrides)) {
            String schema = Objects.requireNonNullElse(connection.getSchema(), connection.getCatalog());
            String whole = pattern.contains(".") ? pattern : schema + "." + pattern;
            Pattern wanted =
                    Pattern.compile(("\\Q" + whole + "\\E").replace("*", "\\E.*\\Q"), Pattern.CASE_INSENSITIVE);
            List<String> found = TableFacts.all(connection).stream()
                    .filter(wanted.asMatchPredicate())
                    .toList();
            if (found.isEmpty()) {
                throw new BadInputException(
                        "--tables: the source has no table like " + pattern + " that its user may see");
            }
            return found;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static BadInputException unreadable(SQLException e) {
        return new BadInputException(
                "drover.source.url: the source cannot be read (" + Cause.line(e) + "); check "
                        + RoutesFolder.environmentName("drover.source.url") + ", _USERNAME and _PASSWORD",
                e);
    }

    /**
     * The file of a new pipeline in a folder.
     *
     * @throws BadInputException if the folder has the program's own pipeline, which would run beside the new one
     */
    public static Path in(Path folder, String name) {
        Path shipped = folder.resolve("orders.camel.yaml");
        try {
            if (Files.exists(shipped) && Files.readString(shipped).equals(BuiltIn.text("orders.camel.yaml"))) {
                throw new BadInputException(
                        "--routes: " + folder + " has the program's own pipeline orders, which would"
                                + " be started too; name a folder of yours, such as --routes shop");
            }
        } catch (IOException e) {
            throw new BadInputException("--routes: " + shipped + " cannot be read: " + e.getMessage(), e);
        }
        return folder.resolve(name + ".camel.yaml");
    }

    /**
     * Writes a new file.
     *
     * @throws BadInputException if the file exists or cannot be written
     */
    public static void write(String text, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (Files.exists(file)) {
                throw new BadInputException("--out: " + file + " is there already and is not overwritten; name another"
                        + " file, or remove it");
            }
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new BadInputException("--out: " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static String brief(NewPipeline pipeline, List<String> key) {
        for (String name : List.of(pipeline.table(), String.join(",", key))) {
            if (!name.matches(PLAIN_NAMES)) {
                throw new BadInputException("--table: the short form takes names of letters, digits and _ only, not "
                        + name + "; add --long");
            }
        }
        return SHORT.replace("@name", pipeline.name());
    }

    private static String full(NewPipeline pipeline) {
        String text = BuiltIn.text("orders.camel.yaml");
        text = text.replaceAll("(?m)^( +(?:- )?id: )(?!orders$|deliver-orders$)(\\S+)$", "$1@-$2");
        text = put(text, "@-batch-of-orders", "@-batch");
        text = put(text, "Orders to billing", "@about");
        text = put(text, "key: id\n", "table: @table\n        key: @key\n");
        text = put(text, "        startAfter: \"0\"\n", "");
        text = text.replaceFirst("(?s) +- to:\\n +id: @-read-page.*?(?= +- split:)", "");
        for (String setting : List.of("pageSize", "maxInFlight", "batchSize")) {
            String value = BuiltIn.properties().getProperty("drover.orders." + setting);
            text = put(text, "{{drover.orders." + setting + "}}", "{{drover.@." + setting + ":" + value + "}}");
        }
        text = put(text, "{{drover.orders.url}}", "{{drover.@.url:@url}}");
        return text.replaceAll("\\borders\\b", "@").replaceAll("@(?=[-.\\s])", pipeline.name());
    }

    /** Replaces the names of the user and the catalog last, because a table may be called orders too. */
    private static String named(NewPipeline pipeline, List<String> key, String text) {
        String about = "Rows of " + pipeline.table();
        return text.replace("@about", quoted(about.substring(0, Math.min(about.length(), LONGEST_DESCRIPTION))))
                .replace("@key", quoted(String.join(",", key)))
                .replace("@table", quoted(pipeline.table()))
                .replace("@url", pipeline.url());
    }

    private static String put(String text, String old, String replacement) {
        if (!text.contains(old)) {
            throw new IllegalStateException("the built-in orders.camel.yaml has no " + old);
        }
        return text.replace(old, replacement);
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    static Connection connect(Path folder, Map<String, String> overrides) throws SQLException {
        DatabaseSettings source = DatabaseSettings.of("drover.source", folder, overrides);
        if (source.url().isBlank()) {
            throw new BadInputException("drover.source.url has no value; set "
                    + RoutesFolder.environmentName("drover.source.url") + " in the environment");
        }
        try (DatabasePool pool = new DatabasePool()) { // not opened: only finds the password and the address
            pool.setJdbcUrl(source.url());
            pool.setUsername(source.username());
            pool.setPassword(source.password());
            Credentials login = pool.getCredentials();
            return DriverManager.getConnection(source.url(), login.getUsername(), login.getPassword());
        }
    }
}
