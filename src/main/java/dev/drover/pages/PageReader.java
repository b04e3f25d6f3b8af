package dev.drover.pages;

import java.sql.SQLException;

/** Reads the pages of a pipeline that has no read step. */
@FunctionalInterface
interface PageReader {

    /**
     * Reads one page.
     *
     * @throws SQLException when the database fails; its message holds no values of rows
     */
    Page read(PageRequest page) throws SQLException;
}
