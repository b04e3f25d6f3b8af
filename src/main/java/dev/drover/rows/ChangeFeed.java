package dev.drover.rows;

import dev.drover.config.Doubt;
import dev.drover.sql.ChangeLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Supplies the changes of a table instead of a change log, for example from the log of the database itself. A bean of the
 * routes, for one pipeline. Thread-safe once it is set up.
 */
public interface ChangeFeed {

    /**
     * Why changes may be missing; empty if none are. Checked at the start, by doctor, and while the pipeline runs.
     *
     * @param of the table and its key
     */
    Optional<Doubt> doubt(Connection connection, ChangeLog of) throws SQLException;

    /**
     * Reads the existing rows and then the changes, as a {@link ChangeReader} returns them. A request for the page behind
     * the last one says that all records of that one are settled. It is closed when reading ends, and may be used again.
     *
     * @param rows reads the table by its key
     * @param snapshot whether a pipeline without a checkpoint reads the existing rows
     */
    PageReader reader(DataSource source, String table, TableReader rows, boolean snapshot);
}
