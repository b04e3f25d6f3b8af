package dev.drover.rows;

import dev.drover.sql.PageRequest;
import java.sql.SQLException;

/** Reads the pages of a pipeline without a read step. */
@FunctionalInterface
public interface PageReader {

    /**
     * Reads one page.
     *
     * @throws SQLException if the database fails; the message has no values of rows
     */
    Page read(PageRequest page) throws SQLException;

    /** Ends reading, until the next page is asked for. */
    default void close() {}
}
