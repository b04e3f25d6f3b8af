package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.config.PagesConfig;
import dev.drover.sql.ChangeLog;
import dev.drover.sql.KeysetQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a route says of the source that its pipeline reads. */
public interface SourceOptions {

    /** The pipeline. */
    String getName();

    /** The table that the table form reads: a change log where it reads one; null where a step of the route reads. */
    @Nullable
    String tableRead();

    /**
     * The change log that is read; empty where none is.
     *
     * @throws IllegalArgumentException if the table cannot have one
     */
    Optional<ChangeLog> changeLog(Connection connection) throws SQLException;

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
