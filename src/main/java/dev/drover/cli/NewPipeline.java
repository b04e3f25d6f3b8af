package dev.drover.cli;

import dev.drover.folder.BadInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The arguments for a new pipeline.
 *
 * @param name the name of the pipeline, its route, its checkpoint and its settings
 * @param table the table, with or without its schema
 * @param key the key columns in order; empty for the key of the table
 * @param url the destination
 */
public record NewPipeline(String name, String table, List<String> key, String url) {

    /** An editor shows ids of up to 40 characters, and the longest id is a name and 16 more. */
    private static final int LONGEST_NAME = 24;

    /**
     * Checks the arguments without the database.
     *
     * @throws BadInputException if one is not allowed
     */
    public NewPipeline {
        if (!name.matches("[a-z][a-z0-9-]*") || name.length() > LONGEST_NAME) {
            throw new BadInputException(
                    "NAME: '" + name + "' is not allowed; begin with a letter and use small letters,"
                            + " digits and -, at most " + LONGEST_NAME);
        }
        if (table.isBlank()) {
            throw new BadInputException("--table: name the table to read");
        }
        key = List.copyOf(key);
        checkUrl(url);
    }

    /** The columns in a flag such as {@code tenant,id}; empty if the flag is. */
    public static List<String> columns(String flag) {
        return Arrays.stream(flag.split(","))
                .map(String::trim)
                .filter(column -> !column.isEmpty())
                .toList();
    }

    private static void checkUrl(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new BadInputException("--url: an address such as https://billing.example/orders is needed");
            }
            if (uri.getUserInfo() != null || uri.getQuery() != null) {
                throw new BadInputException("--url: user, password and query cannot stand in the address; set a header"
                        + " or a parameter of the step that posts the batch in the file");
            }
        } catch (URISyntaxException e) {
            throw new BadInputException("--url: an address such as https://billing.example/orders is needed", e);
        }
    }
}
