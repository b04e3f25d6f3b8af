package dev.drover.consistency;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** Finds the transactions that write to a table now. Thread-safe. */
interface Writers {

    /**
     * The writers at one moment.
     *
     * @param life identifies the server and its last start; another life may reuse the names of transactions
     * @param sessions the names of the transactions of sessions, unique in this life
     * @param detached the names of prepared transactions, which need no session and outlive a restart
     */
    record Seen(String life, Set<String> sessions, Set<String> detached) {}

    /** The writers on the server of this connection. */
    Seen at(Connection connection) throws SQLException;

    /** Describes writers for people: their session and their start, but never their data. */
    String describe(Connection connection, Set<String> names) throws SQLException;
}
