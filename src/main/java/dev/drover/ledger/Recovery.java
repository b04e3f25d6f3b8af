package dev.drover.ledger;

import java.sql.SQLException;

/** A bean that finishes the work of an earlier owner of a pipeline before the first page. */
@FunctionalInterface
public interface Recovery {

    /**
     * Finishes the work. Waits for the destination as long as it takes.
     *
     * @param ledger the ledger of the new owner, before its first page
     * @return whether it is finished; false if the pipeline ended before
     * @throws SQLException if the store fails; to be called again
     */
    boolean recover(Ledger ledger) throws SQLException;
}
