package dev.drover.rows;

import dev.drover.sql.PageRequest;
import java.sql.SQLException;

/** Reads the pages of a pipeline that has no read step. */
@FunctionalInterface
public interface PageReader {

    /**
     * Reads one page.
     *
     * @throws SQLException when the database fails; its message holds no values of rows
     */
    Page read(PageRequest page) throws SQLException;
}
