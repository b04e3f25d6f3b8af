package dev.drover.preflight;

import dev.drover.credentials.Secret;
import dev.drover.pages.TableFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The route file of a new pipeline: the product's own {@code orders.camel.yaml}, which reads a table by its name: from
 * its first row, whatever its key holds. */
public final class NewFile {

    private static final int LONGEST_DESCRIPTION = 40;

    private NewFile() {}

    /**
     * The text of the file, after a look at the table in the configured source.
     *
     * @param folder where the settings of the source may stand; may have no routes yet
     * @param overrides settings that win over all others
     * @throws BadInputException if the source cannot be reached, or its table cannot be read by a key
     */
    public static String text(NewPipeline pipeline, Path folder, Map<String, String> overrides) {
        try (Connection connection = connect(folder, overrides)) {
            TableFacts table = TableFacts.of(connection, pipeline.table())
                    .orElseThrow(() -> new BadInputException(
                            "--table: the source has no table " + pipeline.table() + " that its user may see"));
            return fill(pipeline, NewKey.of(connection, table, pipeline.key()));
        } catch (IllegalArgumentException e) {
            throw new BadInputException("--table: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new BadInputException(
                    "drover.source.url: the source cannot be read (" + DoctorCheck.reason(e) + "); check "
                            + RoutesFolder.environmentName("drover.source.url") + ", _USERNAME and _PASSWORD",
                    e);
        }
    }

    /**
     * Writes a file that is not there yet.
     *
     * @throws BadInputException if it is there, or cannot be written
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

    private static String fill(NewPipeline pipeline, NewKey key) {
        String about = "Rows of " + pipeline.table();
        String text = BuiltIn.text("orders.camel.yaml");
        text = text.replaceAll("(?m)^( +(?:- )?id: )(?!orders$|deliver-orders$)(\\S+)$", "$1@-$2");
        text = put(text, "@-batch-of-orders", "@-batch");
        text = put(text, "Orders to the billing service", "@about");
        text = put(text, "A batch of orders over HTTP", "A batch over HTTP");
        text = put(text, "key: id\n", "table: @table\n        key: @key\n");
        text = put(text, "        startAfter: \"0\"\n", "");
        text = text.replaceFirst("(?s) +- to:\\n +id: @-read-page.*?(?= +- split:)", "");
        for (String setting : List.of("pageSize", "maxInFlight", "batchSize")) {
            String value = BuiltIn.properties().getProperty("drover.orders." + setting);
            text = put(text, "{{drover.orders." + setting + "}}", "{{drover.@." + setting + ":" + value + "}}");
        }
        text = put(text, "{{drover.orders.url}}", "{{drover.@.url:@url}}");
        text = text.replaceAll("\\borders\\b", "@").replaceAll("@(?=[-.\\s])", pipeline.name());
        // what the user and the catalogue name comes last: a table may be called orders too
        return text.replace("@about", about.substring(0, Math.min(about.length(), LONGEST_DESCRIPTION)))
                .replace("@key", quoted(String.join(",", key.columns())))
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

    private static Connection connect(Path folder, Map<String, String> overrides) throws SQLException {
        DatabaseSettings source = DatabaseSettings.of("drover.source", folder, overrides);
        if (source.url().isBlank()) {
            throw new BadInputException("drover.source.url has no value; set "
                    + RoutesFolder.environmentName("drover.source.url") + " in the environment");
        }
        return DriverManager.getConnection(source.url(), source.username(), Secret.setting(source.password()));
    }
}
