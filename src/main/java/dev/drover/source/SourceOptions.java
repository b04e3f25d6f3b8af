package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import dev.drover.sql.KeysetQuery;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a route says of the source that its pipeline reads. */
public interface SourceOptions {

    /** The pipeline. */
    String getName();

    /** The table of the table form; null where a step of the route reads. */
    @Nullable
    String getTable();

    /** The table that has the key of a read step; null where the user does not name it. */
    @Nullable
    String getKeyTable();

    /** The database of the table form. */
    DataSource source();

    /**
     * The options of the pipeline, validated.
     *
     * @throws IllegalArgumentException naming the option, its value and what is allowed
     */
    PagesConfig config();

    /** The query of the table form in a consistency mode. */
    KeysetQuery keyset(Connection connection, Consistency mode) throws SQLException;
}
