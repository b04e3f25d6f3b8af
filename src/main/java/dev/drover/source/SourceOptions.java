package dev.drover.source;

import dev.drover.config.Consistency;
import dev.drover.config.Doubt;
import dev.drover.config.PagesConfig;
import dev.drover.sql.KeysetQuery;
import dev.drover.sql.PageQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The options of a route about the source of its pipeline. */
public interface SourceOptions {

    String getName();

    /** The table whose rows, or whose changes, are delivered; null if a step of the route reads the pages. */
    @Nullable
    String getTable();

    /** The table or change log that the table form reads; null if a step of the route or a feed reads the pages. */
    @Nullable
    String tableRead();

    /** Whether a change log is read. A page of it has one record for all changes of a row. */
    boolean isChanges();

    /** Whether the changes come from a feed instead of a change log. */
    boolean isFed();

    /**
     * Why changes may be missing; empty if not, or if no changes are read.
     *
     * @throws IllegalArgumentException if the changes of the table cannot be read
     */
    Optional<Doubt> changesDoubt(Connection connection) throws SQLException;

    /** The table that has the key of a read step; null if the user does not name it. */
    @Nullable
    String getKeyTable();

    /** The database of the table form. */
    DataSource source();

    /**
     * The options of the pipeline, validated.
     *
     * @throws dev.drover.config.OptionException if an option is not allowed
     */
    PagesConfig config();

    /** The query of the table form in a consistency mode. */
    KeysetQuery keyset(Connection connection, Consistency mode) throws SQLException;

    /** The query of the first of the rows that a change log is about. */
    PageQuery changedRow(Connection connection) throws SQLException;
}
