package dev.drover.ledger;

import java.sql.SQLException;

/** Finishes what an earlier owner of a pipeline has begun, before anything is read. The bean that does is found by this. */
@FunctionalInterface
public interface Recovery {

    /**
     * Takes as long as the destination needs.
     *
     * @param ledger of the new owner, before its first page
     * @return whether it is finished; false if the pipeline ends before
     * @throws SQLException if the store cannot be used now; to be called again
     */
    boolean recover(Ledger ledger) throws SQLException;
}
